/**
 * Copies an object without the keys whose value is undefined. JSON drops those keys, so a value must lose them before
 * it is compared with a stored one.
 */
export function withoutUndefined<Value extends object>(value: Value): Value {
  const copy = { ...value };
  for (const key of Object.keys(copy)) {
    if (Reflect.get(copy, key) === undefined) {
      Reflect.deleteProperty(copy, key);
    }
  }
  return copy;
}
