import { type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import { isSerializedForm } from "../../langgraph/index.js";
import { type Hole, toKeptForm } from "./kept-form.js";
import type { LargeValueIds } from "./large-value-ids.js";

/** A value in its stored form, with ids in place of large values. */
export interface KeptValue {
  readonly kept: unknown;
  /** The ids in `kept`, without those inside the values that they stand for. */
  readonly ids: readonly string[];
}

/** The result for one part of a value. */
interface Part {
  readonly kept: unknown;
  readonly holes: readonly Hole[];
  /** Estimated size as JSON, in bytes. */
  readonly size: number;
  /** Whether its JSON says everything about it, so that equal JSON means an equal value. */
  readonly isPlain: boolean;
  /** Whether its JSON needs the mark for undefined. */
  readonly isOdd: boolean;
}

const LARGE_SIZE = 2_048;
/** A message is written again with every later state of its thread, so a row of its own pays off sooner. */
const LARGE_MESSAGE_SIZE = 512;
const DEEPEST = 500;
const NO_HOLES: readonly Hole[] = [];

/**
 * Takes large values out of a value, from the inside out: a text, a message, and each list or object that is
 * still large after ids have replaced the large values in it. So the same output is the same large value
 * wherever it occurs, and a long list of small parts is one large value. What is taken out goes into `found`.
 * Nothing that was given is changed.
 */
export function takeOutLargeValues(
  value: unknown,
  ids: LargeValueIds,
  found: Map<string, KeptValue>,
): KeptValue {
  const walk = new Walk(ids);
  const part = walk.visit(value, true);
  // The serializer cuts off references of a value to itself, and must see the whole value for that.
  if (walk.isCyclic) {
    return { kept: toKeptForm(value, NO_HOLES), ids: [] };
  }
  for (const [id, large] of walk.found) {
    found.set(id, large);
  }
  return toKeptValue(part);
}

class Walk {
  readonly found = new Map<string, KeptValue>();
  isCyclic = false;
  readonly #ids: LargeValueIds;
  readonly #ancestors: object[] = [];

  constructor(ids: LargeValueIds) {
    this.#ids = ids;
  }

  /** Nothing is taken out inside a message, because its class builds it from its whole content. */
  visit(value: unknown, takesOut: boolean): Part {
    const part = this.#visitAny(value, takesOut);
    if (!takesOut || !part.isPlain || part.size < LARGE_SIZE) {
      return part;
    }
    if (typeof value === "string") {
      return this.#takeOut(part, this.#ids.ofText(value));
    }
    const kept = toKeptForm(part.kept, part.holes);
    return this.#takeOut(part, this.#ids.ofJson(toPlainJson(kept, part.isOdd)));
  }

  #takeOut(part: Part, id: string): Part {
    this.found.set(id, toKeptValue(part));
    return { kept: id, holes: [{ place: [], id }], size: id.length + 2, isPlain: true, isOdd: false };
  }

  #visitAny(value: unknown, takesOut: boolean): Part {
    if (value === undefined) {
      return { ...opaque(value), size: 30, isPlain: true, isOdd: true };
    }
    const size = sizeOfScalar(value);
    if (size !== undefined) {
      return { kept: value, holes: NO_HOLES, size, isPlain: true, isOdd: false };
    }
    if (typeof value !== "object" || value === null || this.#ancestors.length >= DEEPEST) {
      return opaque(value);
    }
    if (this.#ancestors.includes(value)) {
      this.isCyclic = true;
      return opaque(value);
    }
    this.#ancestors.push(value);
    const part = this.#visitObject(value, takesOut);
    this.#ancestors.pop();
    return part;
  }

  #visitObject(value: object, takesOut: boolean): Part {
    if (Array.isArray(value)) {
      return this.#visitList(value, takesOut);
    }
    if (isPlainObject(value)) {
      return this.#visitPlain(value, takesOut);
    }
    return isBaseMessage(value) ? this.#visitMessage(value, takesOut) : opaque(value);
  }

  #visitMessage(message: BaseMessage, takesOut: boolean): Part {
    if (!takesOut || !mayBeLarge(message)) {
      return opaque(message);
    }
    const json = message.toJSON();
    if (json.type !== "constructor") {
      return opaque(message);
    }
    const content = this.visit(json.kwargs, false);
    if (!content.isPlain || content.size < LARGE_MESSAGE_SIZE) {
      return opaque(message);
    }
    return this.#takeOut(opaque(message), this.#ids.ofJson(toPlainJson(json, content.isOdd)));
  }

  #visitList(list: readonly unknown[], takesOut: boolean): Part {
    const whole = new Whole(list);
    for (let index = 0; index < list.length; index += 1) {
      whole.size += 1;
      this.#visitInner(whole, index, list[index], takesOut);
    }
    return whole;
  }

  #visitPlain(object: Readonly<Record<string, unknown>>, takesOut: boolean): Part {
    const whole = new Whole(object);
    for (const key of Object.keys(object)) {
      whole.size += key.length + 4;
      this.#visitInner(whole, key, object[key], takesOut);
    }
    return whole;
  }

  #visitInner(whole: Whole, key: string | number, inner: unknown, takesOut: boolean): void {
    const size = sizeOfScalar(inner);
    if (size !== undefined && size < LARGE_SIZE) {
      whole.size += size;
    } else {
      whole.add(key, this.visit(inner, takesOut));
    }
  }
}

/** A list or an object, assembled from the results of its parts. It is copied only if it contains an id. */
class Whole implements Part {
  kept: object;
  readonly holes: Hole[] = [];
  size = 2;
  isPlain = true;
  isOdd = false;
  readonly #value: object;

  constructor(value: object) {
    this.kept = value;
    this.#value = value;
  }

  add(key: string | number, part: Part): void {
    this.size += part.size;
    this.isPlain &&= part.isPlain;
    this.isOdd ||= part.isOdd;
    if (part.holes.length === 0) {
      return;
    }
    if (this.kept === this.#value) {
      this.kept = Array.isArray(this.#value) ? [...this.#value] : { ...this.#value };
    }
    Reflect.set(this.kept, key, part.kept);
    for (const { place, id } of part.holes) {
      this.holes.push({ place: [key, ...place], id });
    }
  }
}

function toKeptValue({ kept, holes }: Part): KeptValue {
  return { kept: toKeptForm(kept, holes), ids: [...new Set(holes.map(({ id }) => id))] };
}

/** A part that stays in place as it is. */
function opaque(value: unknown): Part {
  return { kept: value, holes: NO_HOLES, size: 0, isPlain: false, isOdd: false };
}

/**
 * Whether a message may be large. This cheap check comes first, because a conversation is written again and
 * again, and most of its messages are short.
 */
function mayBeLarge(message: BaseMessage): boolean {
  // We check the shape and not the class, because a program may hold two copies of LangChain.
  if (typeof message.toJSON !== "function") {
    return false;
  }
  if (typeof message.content !== "string" || message.content.length >= LARGE_MESSAGE_SIZE) {
    return true;
  }
  const calls: unknown = Reflect.get(message, "tool_calls");
  return Array.isArray(calls) && calls.length > 0;
}

/**
 * Estimates the size of a scalar as JSON, in bytes. Returns undefined for other values, and for numbers that
 * JSON cannot restore: NaN, the infinities and negative zero.
 */
function sizeOfScalar(value: unknown): number | undefined {
  if (typeof value === "string") {
    return value.length + 2;
  }
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0) ? 8 : undefined;
  }
  return value === null || typeof value === "boolean" ? 5 : undefined;
}

/**
 * Whether an object's JSON says everything about it. That is not so for objects that are written or read as
 * something else: those with a `toJSON`, and those that LangGraph's serializer recognizes by `lc` or
 * `lg_name`. Nor is it for a key `__proto__`, which cannot be set in a copy.
 */
function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return false;
  }
  return !(isSerializedForm(value) || "toJSON" in value || Object.hasOwn(value, "__proto__"));
}

/**
 * Returns the JSON of a plain value, with a mark that tells undefined from a missing key. The mark is
 * unambiguous because no plain object has a key `lc`.
 */
function toPlainJson(value: unknown, hasUndefined: boolean): string {
  if (!hasUndefined) {
    return JSON.stringify(value);
  }
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner === undefined ? { lc: 2, type: "undefined" } : inner,
  );
}
