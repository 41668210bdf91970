// Owns: steps that a worker does: its thread, its limits, its events, its questions and its output.
// Gives: `runWorker`.
// Does not touch: what a worker is, and how its graph is run (`workers/`).
export { runWorker } from "./run-worker.js";
