import { getEncoding } from "js-tiktoken";
import type { ModelRequest } from "./request.js";

const encoding = getEncoding("o200k_base");
const counted = new Map<string, number>();

/** The pieces in which a model writes a text. */
export function toTokens(text: string): string[] {
  return encoding.encode(text, [], []).map((token) => encoding.decode([token]));
}

/** Counts the tokens of a text. Counts are cached for texts that repeat. */
export function countTokens(text: string): number {
  const known = counted.get(text);
  if (known !== undefined) {
    return known;
  }
  const tokens = encoding.encode(text, [], []).length;
  counted.set(text, tokens);
  return tokens;
}

// What a message and a tool cost besides their texts, from OpenAI's cookbook for the models of this encoding ("How to
// count tokens with tiktoken"). A schema inside a schema is counted like the outer one.
const MESSAGE = 3;
const ANSWER_BEGINS = 3;
const TOOL = 7;
const TOOLS_END = 12;
const PROPERTIES = 3;
const PROPERTY = 3;

/** Each part of a request with its tokens, in the order in which a model reads it: tools first, then messages. */
export function inputParts({
  tools,
  messages,
}: ModelRequest): { readonly text: string; readonly tokens: number }[] {
  const defined = tools.map(({ function: { name, description, parameters } }) => {
    const text = `${name}:${description.replace(/\.$/, "")}`;
    return {
      text: text + JSON.stringify(parameters),
      tokens: TOOL + countTokens(text) + countSchema(parameters),
    };
  });
  const said = messages.map(({ role, content, tool_calls }) => {
    const calls = tool_calls.map(({ function: call }) => call.name + call.arguments);
    const tokens = [role, content, ...calls].reduce((sum, text) => sum + countTokens(text), MESSAGE);
    return { text: [role, content, ...calls].join("\n"), tokens };
  });
  const end = tools.length === 0 ? [] : [{ text: "", tokens: TOOLS_END }];
  return [...defined, ...end, ...said, { text: "", tokens: ANSWER_BEGINS }];
}

function countSchema(schema: unknown): number {
  if (typeof schema !== "object" || schema === null) {
    return 0;
  }
  const items: unknown = Reflect.get(schema, "items");
  const properties: unknown = Reflect.get(schema, "properties");
  if (typeof properties !== "object" || properties === null) {
    return countSchema(items);
  }
  const tokens = Object.entries(properties).map(([name, property]: [string, unknown]) => {
    const [type, description] = ["type", "description"].map((key) => textIn(property, key));
    return (
      PROPERTY + countTokens(`${name}:${type}:${description?.replace(/\.$/, "")}`) + countSchema(property)
    );
  });
  return tokens.reduce((sum, count) => sum + count, PROPERTIES);
}

function textIn(holder: unknown, key: string): string {
  const value: unknown = typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined;
  return typeof value === "string" ? value : "";
}

/** How many tokens at the beginning of a request are the same as in another. */
export function commonPrefix(request: ModelRequest, other: ModelRequest): number {
  const [parts, others] = [inputParts(request), inputParts(other)];
  let tokens = 0;
  for (const [index, { text, tokens: own }] of parts.entries()) {
    const theirs = others[index]?.text ?? "";
    if (theirs !== text) {
      return tokens + countTokens(text.slice(0, commonLength(text, theirs)));
    }
    tokens += own;
  }
  return tokens;
}

function commonLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) {
    length += 1;
  }
  return length;
}
