// Owns: what OPEA's agent calls its options and tools, in its files, its compose files and the environment.
// Gives: the same as an agent's file, and the tools of a tools.yaml.
// Does not touch: what options mean here.
export { fromOpea } from "./from-opea.js";
export { entriesOfEnvironment, findEntries, isOpea } from "./opea-keys.js";
export { loadOpeaTools } from "./opea-tools.js";
