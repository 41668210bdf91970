import type { ClientTool } from "@langchain/core/tools";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { z } from "zod";
import { copyJson, isRecord } from "../base/index.js";
import { type OutputShape, shapeOfSchema, shapeOfValue } from "../plan/index.js";
import { metadataOf } from "./tool-hints.js";

// LangChain's tools have no place for the schema of an output. `metadata.outputSchema` is where MCP adapters are about
// to put a server's own (langchainjs pull request 11037), so we read it there for all tools.

/** Reads what a tool's metadata declares of its output; undefined if it declares nothing, or nothing that can be read. */
export function declaredOutput(tool: ClientTool): OutputShape | undefined {
  const { outputSchema, outputExample, output } = metadataOf(tool);
  if (isRecord(outputSchema)) {
    return shapeOfSchema(toOutputSchema(outputSchema));
  }
  if (outputExample !== undefined) {
    const copy = copyJson(outputExample);
    return copy.ok ? shapeOfValue(copy.value) : undefined;
  }
  return output === "text" ? { kind: "single", type: "text" } : undefined;
}

function toOutputSchema(schema: object): unknown {
  // LangChain's own conversion is for arguments: it closes objects that are open.
  return isZod4(schema)
    ? z.toJSONSchema(schema, { io: "output", unrepresentable: "any" })
    : toJsonSchema(schema);
}

/** Whether a schema is of zod 4, of whatever copy of it. */
function isZod4(schema: object): schema is z.core.$ZodType {
  return "_zod" in schema;
}
