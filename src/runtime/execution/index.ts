// Owns: one superstep of the executor: everything that can run, without barriers.
// Gives: the executor node.
// Does not touch: how a step is done (steps/), and what comes after (routes).
export { createExecutor } from "./executor.js";
