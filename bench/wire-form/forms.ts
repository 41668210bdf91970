import { type Spacing, toJsonText } from "./json-text.js";

/** A direct step, with everything that a form has to express. */
export interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A way to write a direct step. */
export interface WireForm {
  readonly name: string;
  /** Positions count from 1. A form that needs ids uses the position as the id. */
  write(call: Call, spacing: Spacing, position: number): string;
}

function inJson(name: string, toValue: (call: Call, position: number) => unknown): WireForm {
  return { name, write: (call, spacing, position) => toJsonText(toValue(call, position), spacing) };
}

/** Pairs of an argument's name and its value, as text inside a string. */
function toPairs(args: Call["args"], separator: string): string {
  const entries = Object.entries(args).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return entries.join(separator);
}

/**
 * The form that the planner is taught. A single argument stands alone, unless it is an object, which would look like
 * several.
 */
export const keyedForm = inJson("tool as key, one argument alone", ({ tool, args }) => {
  const [value, ...others] = Object.values(args);
  const isAlone =
    others.length === 0 && value !== undefined && (typeof value !== "object" || Array.isArray(value));
  return { [tool]: isAlone ? value : args };
});

/** All forms that were tried, the longest first. */
export const wireForms: readonly WireForm[] = [
  inJson("id, tool, args", ({ tool, args }, position) => ({ id: String(position), tool, args })),
  inJson("tool, args", ({ tool, args }) => ({ tool, args })),
  inJson("pair", ({ tool, args }) => [tool, args]),
  inJson("flat object", ({ tool, args }) => ({ tool, ...args })),
  inJson("tool as key", ({ tool, args }) => ({ [tool]: args })),
  inJson("flat list", ({ tool, args }) => [tool, ...Object.entries(args).flat()]),
  inJson("call in a string", ({ tool, args }) => `${tool}(${toPairs(args, ", ")})`),
  inJson("pairs in a string", ({ tool, args }) => `${tool} ${toPairs(args, " ")}`),
  keyedForm,
  inJson("tool as key, by place", ({ tool, args }) => {
    const values = Object.values(args);
    return { [tool]: values.length === 1 ? values[0] : values };
  }),
];
