// Owns: workers: what may be one, its thread, what it asks a person, and how that is answered.
// Gives: the schema of the option, a thread on which a worker's graph runs, and questions with their answers.
// Does not touch: steps, limits and events. Whoever runs a worker says what goes with its runs.
export { openWorkerThread } from "./open-thread.js";
export {
  type AskedByWorker,
  type DecisionForWorker,
  toAnswer,
  toAsked,
  type WorkerQuestion,
} from "./questions.js";
export { isRemote } from "./remote-thread.js";
export { toUuid } from "./to-uuid.js";
export { isOwnAgent, WORKERS, type Worker, type WorkerAgent, type Workers } from "./worker.js";
export { isOfWorker, nameThread, type WorkerState, type WorkerThread } from "./worker-thread.js";
