import { createNearestName, isRecord } from "../base/index.js";
import type { Path, YamlSource } from "./yaml-source.js";

/** The environment that a file's `${NAME}` come from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Data with its variables filled in. */
export interface FilledData {
  readonly data: unknown;
  /** The values that came from the environment, by the names of their variables. */
  readonly values: ReadonlyMap<string, string>;
  /** The paths of the texts that are nothing but one variable. Where an option wants a number, they may be one. */
  readonly whole: ReadonlySet<string>;
  /** The places of variables that are not set, with their names. There are none unless they may be left out. */
  readonly unset: readonly { readonly path: Path; readonly name: string }[];
}

/** `${NAME}` and `${NAME:-what holds without it}`. A second dollar before it makes it plain text. */
const VARIABLE = /(\$?)\$\{([^{}]*)\}/g;
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Fills the variables of the environment into all texts, after YAML was read: whatever a variable holds, it stays one
 * text. A variable that is not set is a problem, unless `mayBeUnset`.
 */
export function fillVariables(
  data: unknown,
  environment: Environment,
  source: YamlSource,
  mayBeUnset = false,
): FilledData {
  const values = new Map<string, string>();
  const whole = new Set<string>();
  const unset: { path: Path; name: string }[] = [];
  const nearest = createNearestName();
  const fillText = (text: string, path: Path) =>
    text.replaceAll(VARIABLE, (written: string, dollar: string, inner: string) => {
      const [, name, otherwise] = NAME.exec(inner) ?? [];
      if (dollar !== "") {
        return written.slice(1);
      }
      if (name === undefined) {
        source.add(path, `"${written}" names no variable: write \${NAME}, or $\${ for a plain text`);
        return written;
      }
      const value = environment[name] || otherwise;
      if (value !== undefined) {
        if (written === text) {
          whole.add(path.join("."));
        }
        if (value !== "" && environment[name]) {
          values.set(name, value);
        }
        return value;
      }
      if (mayBeUnset) {
        unset.push({ path, name });
        return "";
      }
      const meant = nearest(name, Object.keys(environment));
      const advice =
        meant === undefined ? `set it, or write a default: \${${name}:-default}` : `did you mean ${meant}?`;
      source.add(path, `the environment has no ${name}; ${advice}`);
      return written;
    });
  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") {
      return fillText(value, path);
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => fill(item, [...path, index]));
    }
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, [...path, key])]))
      : value;
  };
  return { data: fill(data, []), values, whole, unset };
}
