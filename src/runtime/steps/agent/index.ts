// Owns: an agent step. It runs LangChain's agent, with the user's middleware between two of ours.
// Gives: `runAgent`.
// Does not touch: the gate and the tool call itself, which are the same for every kind of step.
export { runAgent } from "./run-agent.js";
