import type { ClientTool } from "@langchain/core/tools";
import { copyJson, isRecord, type JsonValue } from "../base/index.js";
import { ToolRegistryError } from "./tool-errors.js";
import { metadataOf } from "./tool-hints.js";

/** How a tool shows what a name stands for, such as the columns of a file, before anything is planned. */
export interface ToolPreview {
  /** The argument that takes the name. */
  readonly argument: string;
  /** What such names look like. */
  readonly pattern: RegExp;
  /** The other arguments. */
  readonly args: Readonly<Record<string, JsonValue>>;
}

/** A call that shows what a name stands for. */
export interface PreviewCall {
  readonly name: string;
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
}

/** Longer words are no names of anything. */
const MAX_NAME = 200;
/** What stands around a word and is no part of it. */
const AROUND = /^[\p{Pi}\p{Ps}"'`]+|[\p{Pf}\p{Pe}"'`.,;:!?]+$/gu;

/**
 * Reads `metadata.preview`: `{ argument: "path", pattern: "\\.csv$", args: { limit: 2 } }`. Throws a `ToolRegistryError`
 * if it cannot be used: only a tool that changes nothing may be called before there is a plan.
 */
export function previewOf(tool: ClientTool, isReadOnly: boolean): ToolPreview | undefined {
  const { preview } = metadataOf(tool);
  if (preview === undefined) {
    return undefined;
  }
  const { argument, pattern, args = {} } = isRecord(preview) ? preview : {};
  const copy = copyJson(args);
  if (typeof argument !== "string" || typeof pattern !== "string" || !copy.ok || !isJsonRecord(copy.value)) {
    throw refuse(tool, 'is not { argument: "…", pattern: "…", args?: {…} }');
  }
  if (!isReadOnly) {
    throw refuse(tool, "is of a tool that may do more than read. Set metadata.readOnly as well");
  }
  try {
    return { argument, pattern: new RegExp(pattern, "iu"), args: copy.value };
  } catch (error) {
    throw refuse(tool, `has a pattern that is no regular expression: ${pattern}`, error);
  }
}

/** The calls that show what the words of a text stand for, in the order of the words. */
export function findPreviews(text: string, previews: ReadonlyMap<string, ToolPreview>): PreviewCall[] {
  const words = text.split(/\s+/).map((word) => word.replace(AROUND, ""));
  const names = new Set(words.filter((word) => word !== "" && word.length <= MAX_NAME));
  return [...names].flatMap((name) =>
    [...previews].flatMap(([tool, { argument, pattern, args }]) =>
      pattern.test(name) ? [{ name, tool, args: { ...args, [argument]: name } }] : [],
    ),
  );
}

function isJsonRecord(value: JsonValue): value is Record<string, JsonValue> {
  return isRecord(value);
}

function refuse({ name }: ClientTool, what: string, cause?: unknown): ToolRegistryError {
  const message = `The preview of the tool "${name}" (metadata.preview) ${what}.`;
  return new ToolRegistryError("INVALID_PREVIEW", message, String(name), { cause });
}
