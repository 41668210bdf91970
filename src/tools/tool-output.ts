import type { BaseMessage } from "@langchain/core/messages";
import { ToolMessage } from "@langchain/core/messages/tool";
import type { Command } from "@langchain/langgraph";
import type { JsonResult } from "./to-json.js";
import { toJson } from "./to-json.js";

/** How an output is read. */
export interface OutputOptions {
  /** Bytes of the output that are kept, as JSON text in UTF-8. */
  readonly maxBytes: number;
  /** Whether text stays text even where it could be read as JSON. */
  readonly keepText: boolean;
}

/** Of a text nested deeper nothing below could be kept; to parse a megabyte of brackets takes half a second. */
const MAX_PARSED_DEPTH = 10_000;
const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const OPENING = "{".charCodeAt(0);
const CLOSING = "}".charCodeAt(0);

/** Text as the JSON that it is, or as itself where it is none; see the head of invoke-tool.ts. */
export function readOutputText(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
    if (isNestedBeyond(trimmed, MAX_PARSED_DEPTH)) {
      return text;
    }
    try {
      return JSON.parse(trimmed);
    } catch (error) {
      if (error instanceof SyntaxError) {
        return text;
      }
      throw error;
    }
  }
  if (text === "true" || text === "false" || text === "null") {
    return JSON.parse(text);
  }
  const number = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

/** The content of a tool's output as plain JSON. */
export function contentToJson(content: unknown, options: OutputOptions): JsonResult {
  if (typeof content === "string") {
    return toJson(options.keepText ? content : readOutputText(content), options);
  }
  if (isListOfTextBlocks(content)) {
    return contentToJson(content.map((block) => block.text).join("\n"), options);
  }
  return toJson(content, options);
}

/** The content of a message as text. */
export function messageText(message: BaseMessage): string {
  return typeof message.content === "string" ? message.content : message.text;
}

/** The tool message that a command holds for this call, or what is in the command that a step cannot do. */
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

/** Whether JSON opens more lists and objects than so many inside of one another. */
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
    // "[" and "{", "]" and "}": each pair is the same but for one bit.
    else if ((code | 0x20) === OPENING && ++depth > max) {
      return true;
    } else if ((code | 0x20) === CLOSING) {
      depth--;
    }
  }
  return false;
}
