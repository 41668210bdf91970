// Owns: the queue on the command line.
// Gives: the commands `worker`, `enqueue` and `migrate`.
// Does not touch: the queue itself.
export { enqueue } from "./enqueue.js";
export { migrate } from "./migrate.js";
export { runWorker } from "./run-worker.js";
