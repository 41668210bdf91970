import type { ClientTool } from "@langchain/core/tools";
import { isRecord } from "../base/index.js";
import { recoveryOf } from "./tool-recovery.js";

/** What a tool says of its effects. Nobody checks it. */
export interface ToolHints {
  /** Whether it changes nothing. */
  readonly readOnly: boolean;
  /** Whether it may overwrite or remove something. A tool that says nothing may. */
  readonly destructive: boolean;
  /** What happens to a call of which nobody knows whether it was carried out. */
  readonly repeat: Repeat;
}

/**
 * When a call may be made again: `always`, since a second call changes nothing more; `with-key`, since the tool gets the
 * same idempotency key; or `never`, since the tool says that it is not idempotent or can say what became of a call, or
 * is one of an MCP server, which heeds no key.
 */
export type Repeat = "always" | "with-key" | "never";

/** What is known of a tool nobody has heard of. */
export const NO_HINTS: ToolHints = { readOnly: false, destructive: true, repeat: "with-key" };

/**
 * Reads a tool's hints: `metadata.readOnly`, `metadata.destructive` and `metadata.idempotent`, or MCP's annotations,
 * which `@langchain/mcp-adapters` puts into `metadata.annotations`. `isReadOnly` says what the options say.
 */
export function hintsOf(tool: ClientTool, isReadOnly = false): ToolHints {
  const metadata = metadataOf(tool);
  const { annotations } = metadata;
  const told = isRecord(annotations) ? annotations : {};
  const says = (name: string, hint: string) => (name in metadata ? metadata[name] : told[hint]);
  if (isReadOnly || says("readOnly", "readOnlyHint") === true) {
    return { readOnly: true, destructive: false, repeat: "always" };
  }
  const idempotent = says("idempotent", "idempotentHint");
  const isUnrepeatable =
    isMcpTool(tool) || idempotent === false || recoveryOf(tool).findOutcome !== undefined;
  return {
    readOnly: false,
    destructive: says("destructive", "destructiveHint") !== false,
    repeat: idempotent === true ? "always" : isUnrepeatable ? "never" : "with-key",
  };
}

/** Whether a tool calls an MCP server, by how `@langchain/mcp-adapters` makes its tools. */
export function isMcpTool(tool: ClientTool): boolean {
  return givesArtifact(tool) && "annotations" in metadataOf(tool);
}

/** Whether a tool returns a pair: its content, and what is not for models. */
export function givesArtifact(tool: ClientTool): boolean {
  return "responseFormat" in tool && tool.responseFormat === "content_and_artifact";
}

/** A tool's metadata; empty if it has none. */
export function metadataOf(tool: ClientTool): Readonly<Record<string, unknown>> {
  return "metadata" in tool && isRecord(tool.metadata) ? tool.metadata : {};
}
