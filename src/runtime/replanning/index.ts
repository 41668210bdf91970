// Owns: what happens when nothing more can run: go on, change the plan, or answer.
// Gives: the replanner node.
// Does not touch: running steps. It only sees their results.
export { createReplanner } from "./replanner.js";
