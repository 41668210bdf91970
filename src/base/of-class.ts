/**
 * Whether a value is an instance of a class, or of the class of this name in another copy of its package.
 *
 * Two copies of a package are loaded if a program requires its CommonJS build beside its ES modules, or if npm installed
 * two versions of it. `instanceof` is false between them. We compare with the name that our own copy has, because a bundler
 * may have shortened the names of all copies.
 */
export function isOfClass<Instance extends object>(
  value: unknown,
  wanted: abstract new (...given: never[]) => Instance,
): value is Instance {
  let prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : null;
  while (typeof prototype === "object" && prototype !== null) {
    if (classNameOf(prototype) === wanted.name) {
      return true;
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}

/** Names the class that gives an object its member of this name. Undefined if the object has a member of its own. */
export function classThatDefines(member: string, value: object): string | undefined {
  let owner: object | null = value;
  while (owner !== null && !Object.hasOwn(owner, member)) {
    owner = Object.getPrototypeOf(owner);
  }
  return owner === null || owner === value ? undefined : classNameOf(owner);
}

function classNameOf(prototype: object): string | undefined {
  const found: unknown = Object.hasOwn(prototype, "constructor") ? prototype.constructor : undefined;
  return typeof found === "function" ? found.name : undefined;
}
