import type { ClientTool } from "@langchain/core/tools";

/** Any tool of LangChain: `tool()`, `DynamicTool`, a `StructuredTool`, `runnable.asTool()`, one from MCP. */
export type AgentTool = ClientTool;

/** The schema of a tool's arguments: zod 4, zod 3 or JSON Schema. */
export type AgentSchema = AgentTool["schema"];
