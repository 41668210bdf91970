// Owns: the project that `init` writes.
// Gives: `initProject`.
// Does not touch: files that are there.
export { initProject } from "./init-project.js";
