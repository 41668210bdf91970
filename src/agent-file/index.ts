// Owns: an agent as a file: how it is read, what of it is loaded, and what is said of a file that cannot be used.
// Gives: `loadAgent`, `openAgentFile`, and the file's JSON Schema.
// Does not touch: what options mean. A file has the options of `createPlanExecuteAgent`, by their one schema.
export { createHiding } from "./hide-secrets.js";
export { toJsonSchema } from "./json-schema.js";
export { type LoadAgentOptions, loadAgent, openAgentFile } from "./load-agent.js";
export { type AgentFile, FROM_ENVIRONMENT, isAgentFile } from "./read-agent-file.js";
