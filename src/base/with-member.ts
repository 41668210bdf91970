/** A view of an object with another value for one of its members. The object itself stays as it is. */
export function withMember<Target extends object>(target: Target, name: string, value: unknown): Target {
  return new Proxy(target, {
    get: (own, key, view) => (key === name ? value : Reflect.get(own, key, view)),
  });
}
