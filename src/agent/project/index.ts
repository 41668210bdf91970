// Owns: what a working folder says of itself: AGENTS.md and skills, how much of it is read, and what is told of it.
// Gives: `loadProject`.
// Does not touch: approval. What a project says is text, and its plans are plans like any other.
export { type LoadProjectOptions, loadProject } from "./load-project.js";
