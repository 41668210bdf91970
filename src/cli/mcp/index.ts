// Owns: the agent as an MCP server: its tools, the forms by which people answer, and its two transports.
// Gives: `serveMcp`.
// Does not touch: how a run goes on, and who may answer what. A client's model never decides for a person.
export { serveMcp } from "./serve-mcp.js";
