/**
 * About how many bytes a scalar is as JSON; undefined for what is none, and for those that JSON does not give back:
 * NaN, infinities and the negative zero.
 */
export function sizeOfScalar(value: unknown): number | undefined {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? 8 : undefined;
  return value === null || typeof value === "boolean" ? 5 : undefined;
}

/**
 * Whether an object is what its JSON says. Not so are those that are written or read as something else: with a
 * `toJSON`, and what LangGraph's serializer knows by these keys. And a key `__proto__` cannot be set in a copy.
 */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !("lc" in value || "lg_name" in value || "toJSON" in value || Object.hasOwn(value, "__proto__"));
}

/**
 * The JSON of a plain value, in which undefined is told apart from what is not there. Nothing plain has a key `lc`, so
 * the mark for it is nothing else.
 */
export function toPlainJson(value: unknown, hasUndefined: boolean): string {
  if (!hasUndefined) return JSON.stringify(value);
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner === undefined ? { lc: 2, type: "undefined" } : inner,
  );
}
