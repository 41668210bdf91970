// A middleware may keep values in the agent's state. If the step stops for a person, these values are stored beside the
// agent's transcript as plain JSON. When the step goes on, they become part of the agent's input. LangChain only
// accepts public values as input, and passes each to its channel's reducer. So a value that is private or has a reducer
// could not be restored as it was.
import type { ClientTool } from "@langchain/core/tools";
import {
  getInteropZodObjectShape,
  interopSafeParse,
  isInteropZodObject,
  isZodSchemaV4,
} from "@langchain/core/utils/types";
import { StateSchema } from "@langchain/langgraph";
import { schemaMetaRegistry } from "@langchain/langgraph/zod";
import type { AgentMiddleware } from "langchain";
import type { JsonValue } from "../base/index.js";

/** Channels that every LangChain agent has. */
const BUILT_IN = new Set(["messages", "jumpTo", "structuredResponse"]);

/** Lists the channels that a middleware's state schema adds. */
function stateKeysOf(schema: unknown): string[] {
  return [...fieldsOf(schema).keys()].filter((key) => !BUILT_IN.has(key));
}

/** Lists the reasons why a middleware's state would not survive a stop for a person. The list is empty if it would. */
export function findStateFaults(schema: unknown): string[] {
  if (schema === undefined) {
    return [];
  }
  if (!StateSchema.isInstance(schema) && !isInteropZodObject(schema)) {
    return ["its stateSchema is neither a zod object nor a StateSchema"];
  }
  return stateKeysOf(schema).flatMap((key) => {
    const fault = findFieldFault(key, fieldsOf(schema).get(key));
    return fault === undefined
      ? []
      : [`what it keeps as "${key}" would be lost when the step waits for a person: ${fault}`];
  });
}

/** Reads what middleware keeps in the agent's state. Throws if a value is not plain JSON. */
export function keptState(
  middleware: readonly AgentMiddleware[],
  state: object,
): Record<string, JsonValue> | undefined {
  const entries = middleware.flatMap(({ name, stateSchema }) =>
    stateKeysOf(stateSchema).flatMap((key): [string, JsonValue][] => {
      const value: unknown = Reflect.get(state, key);
      if (value === undefined) {
        return [];
      }
      if (!isJson(value, 0)) {
        throw new TypeError(
          `The middleware "${name}" keeps a value as "${key}" that is no plain JSON: it would be lost while the step waits for a person.`,
        );
      }
      return [[key, value]];
    }),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const MAX_DEPTH = 50;

function isJson(value: unknown, depth: number): value is JsonValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") {
    return true;
  }
  if (typeof value === "number") {
    return Number.isFinite(value);
  }
  if (typeof value !== "object" || depth > MAX_DEPTH) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.every((one) => isJson(one, depth + 1));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain && Object.values(value).every((one) => isJson(one, depth + 1));
}

function fieldsOf(schema: unknown): ReadonlyMap<string, unknown> {
  if (StateSchema.isInstance(schema)) {
    return new Map(Object.entries(schema.fields));
  }
  return new Map(isInteropZodObject(schema) ? Object.entries(getInteropZodObjectShape(schema)) : []);
}

function findFieldFault(key: string, field: unknown): string | undefined {
  if (key.startsWith("_")) {
    return "a name that begins with _ is private to the agent; name it otherwise";
  }
  if (!isZod(field)) {
    return "it is no plain zod type (a reducer, or untracked); use one, and write the whole value";
  }
  if (isZodSchemaV4(field) && schemaMetaRegistry.get(field)?.reducer !== undefined) {
    return "it has a reducer; use a plain type, and write the whole value";
  }
  return interopSafeParse(field, undefined).success
    ? undefined
    : "it has no value to begin with; give its schema a default, or make it optional";
}

function isZod(field: unknown): field is Parameters<typeof interopSafeParse>[0] {
  return typeof field === "object" && field !== null && "safeParse" in field;
}

/** Whether the agent calls the tool itself. A provider's own tool is only a description, and the provider calls it. */
export function isCallable(tool: object): tool is ClientTool {
  return "invoke" in tool && typeof tool.invoke === "function";
}
