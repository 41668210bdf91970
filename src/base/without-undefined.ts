/**
 * Copies an object without the keys whose value is undefined. JSON drops those keys, so a value must lose them before
 * it is compared with a stored one.
 */
export function withoutUndefined<Value extends object>(value: Value): Value;
export function withoutUndefined(value: object): object {
  // A copy that keys are then taken out of is slow for whoever uses it.
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const part: unknown = Reflect.get(value, key);
    if (part !== undefined) {
      copy[key] = part;
    }
  }
  return copy;
}
