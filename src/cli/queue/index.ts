// Owns: the queue on the command line.
// Gives: the commands `worker` and `enqueue`.
// Does not touch: the queue itself.
export { enqueue } from "./enqueue.js";
export { runWorker } from "./run-worker.js";
