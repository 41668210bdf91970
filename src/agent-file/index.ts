// Owns: an agent as a file: how it is read, what of it is loaded, and what is said of a file that cannot be used.
// Gives: `loadAgent` and `openAgentFile`. The file's JSON Schema is agent.schema.json, made by `json-schema.ts`.
// Does not touch: what options mean. A file has the options of `createPlanExecuteAgent`, by their one schema.
export { FROM_ENVIRONMENT, isAgentFile } from "./agent-file-name.js";
export { createHiding } from "./hide-secrets.js";
export { type LoadAgentOptions, loadAgent, openAgentFile } from "./load-agent.js";
export type { AgentFile } from "./read-agent-file.js";
