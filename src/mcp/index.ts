// Owns: the connections to MCP servers, from when a server starts until it is closed, and the tools that servers offer.
// Gives: `openMcpServers`, the schema and the types of the option `mcp`, and `McpError`.
// Does not touch: how a tool is called and how its result is read. `tools` does that, whoever loaded the tool.
export { McpError, type McpErrorCode } from "./mcp-error.js";
export { type McpServers, openMcpServers } from "./open-servers.js";
export {
  MCP_SERVERS,
  type McpAddress,
  type McpHints,
  type McpLog,
  type McpProcess,
  type McpServer,
  type McpServerOptions,
} from "./server-options.js";
