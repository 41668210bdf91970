import type { BaseMessage } from "@langchain/core/messages";
import { ToolMessage } from "@langchain/core/messages/tool";
import type { Command } from "@langchain/langgraph";
import { parseJson } from "../base/index.js";
import type { JsonResult } from "./to-json.js";
import { toJson } from "./to-json.js";

export interface OutputOptions {
  /** Byte limit for the output, measured as JSON text in UTF-8. */
  readonly maxBytes: number;
  /** Whether text stays text even if it could be read as JSON. */
  readonly keepText: boolean;
}

/**
 * Text nested deeper than this is not parsed. Nothing that deep would be kept, and parsing a megabyte of
 * brackets takes half a second.
 */
const MAX_PARSED_DEPTH = 10_000;
const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const OPENING = "{".charCodeAt(0);
const CLOSING = "}".charCodeAt(0);

/** Reads text as JSON, or returns it unchanged if it is none. The head of invoke-tool.ts has the rules. */
export function readOutputText(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
    if (isNestedBeyond(trimmed, MAX_PARSED_DEPTH)) {
      return text;
    }
    return parseJson(trimmed) ?? text;
  }
  if (text === "true" || text === "false" || text === "null") {
    return JSON.parse(text);
  }
  const number = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

/** Turns the content of a tool's output into plain JSON. */
export function contentToJson(content: unknown, options: OutputOptions): JsonResult {
  if (typeof content === "string") {
    return toJson(options.keepText ? content : readOutputText(content), options);
  }
  if (isListOfTextBlocks(content)) {
    return contentToJson(content.map((block) => block.text).join("\n"), options);
  }
  return toJson(content, options);
}

/** Returns the content of a message as text. */
export function messageText(message: BaseMessage): string {
  return typeof message.content === "string" ? message.content : message.text;
}

/**
 * Returns the tool message that a command holds for this call, or names the part of the command that a step's
 * tool may not use.
 */
export function readCommand(command: Command, callId: string): ToolMessage | string {
  if (command.goto !== undefined && (!Array.isArray(command.goto) || command.goto.length > 0)) {
    return "goto";
  }
  if (command.resume !== undefined) {
    return "resume";
  }
  if (command.graph !== undefined) {
    return "graph";
  }
  const { update } = command;
  const entries: [string, unknown][] = Array.isArray(update) ? update : Object.entries(update ?? {});
  const other = entries.find(([key]) => key !== "messages");
  if (other !== undefined) {
    return `update.${other[0]}`;
  }
  const messages = entries.flatMap(([, value]) => (Array.isArray(value) ? value : [value]));
  const [message, ...more] = messages;
  const isForThisCall = ToolMessage.isInstance(message) && message.tool_call_id === callId;
  if (!isForThisCall) {
    return "update without the ToolMessage of this call";
  }
  return more.length === 0 ? message : "update.messages with more than the ToolMessage of this call";
}

function isListOfTextBlocks(content: unknown): content is { type: "text"; text: string }[] {
  if (!Array.isArray(content) || content.length === 0) {
    return false;
  }
  return content.every((item: unknown) => {
    if (typeof item !== "object" || item === null || !("type" in item) || !("text" in item)) {
      return false;
    }
    return item.type === "text" && typeof item.text === "string";
  });
}

/** Whether JSON nests lists and objects deeper than `max`. */
function isNestedBeyond(text: string, max: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === BACKSLASH) {
        index++;
      } else if (code === QUOTE) {
        isInString = false;
      }
    } else if (code === QUOTE) {
      isInString = true;
    }
    // "[" and "{" differ in one bit, and so do "]" and "}".
    else if ((code | 0x20) === OPENING && ++depth > max) {
      return true;
    } else if ((code | 0x20) === CLOSING) {
      depth--;
    }
  }
  return false;
}
