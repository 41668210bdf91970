// Owns: one superstep of the executor: it runs everything that can run, without barriers.
// Gives: the executor node.
// Does not touch: how a step runs (steps/), and which node comes next (routes.ts).
export { createExecutor } from "./executor.js";
