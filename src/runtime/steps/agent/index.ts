// Owns: an agent step: LangChain's agent with the user's middleware between two of ours.
// Gives: `runAgent`.
// Does not touch: how a call passes the gate and is made; that is the same for every step.
export { runAgent } from "./run-agent.js";
