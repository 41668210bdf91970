// The fields: the options that can be set outside the code. A run's context and the command line both read this list.
import { z } from "zod";
import type { Field, Section, Shape } from "./option.js";
import { type AnyField, OPTIONS, type PlanExecuteOptions } from "./schema.js";

/** A field, and the option that it sets. */
export interface PlacedField extends Field {
  /** The path of the option: `["planner", "maxSteps"]`. */
  readonly path: readonly string[];
  /** The default in its written form. Undefined if there is none. */
  readonly shownDefault: unknown;
}

/** The fields of a context, with their types. */
type ContextField = Extract<AnyField, { readonly inContext: true }>;
/** The fields of the command line, with their types. */
type FlagField = Extract<AnyField, { readonly onCommandLine: true }>;

type ContextShape = {
  [One in ContextField as One["name"]]: z.ZodOptional<One["type"]>;
};

/** The values that flags set, by the names of their fields: `maxSteps` for --max-steps. */
export type FlagValues = {
  readonly [One in FlagField as One["name"]]?: z.output<One["type"]>;
};

function isSection(entry: Shape[string]): entry is Section {
  return "entries" in entry;
}

function fieldsIn(entries: Shape, path: readonly string[] = []): PlacedField[] {
  return Object.entries(entries).flatMap(([name, entry]): PlacedField[] => {
    const here = [...path, name];
    if (isSection(entry)) {
      return fieldsIn(entry.entries, here);
    }
    const { field } = entry;
    return field === undefined
      ? []
      : [{ ...field, path: here, shownDefault: showValue(field, entry.default) }];
  });
}

/** Returns the written form of an option's value, or undefined if it has none. */
export function showValue(field: Field, value: unknown): unknown {
  return field.type.optional().safeParse(field.show(value)).data;
}

/** All fields. Those that name models come first. */
export const FIELDS: readonly PlacedField[] = fieldsIn(OPTIONS).sort(
  (one, other) => Number(other.names === "models") - Number(one.names === "models"),
);

export const CONTEXT_FIELDS = FIELDS.filter(({ inContext }) => inContext);
export const FLAG_FIELDS = FIELDS.filter(({ onCommandLine }) => onCommandLine);

const CONTEXT_SHAPE = Object.fromEntries(
  CONTEXT_FIELDS.map(({ name, type, context: description = "" }) => [
    name,
    type.optional().meta({ title: toTitle(name), description }),
  ]),
) as ContextShape;

/** Makes a form's title of a field's name: "maxDurationMs" is "Max duration (ms)". */
export function toTitle(name: string): string {
  const words = name.replace(/Ms$/, " (ms)").replace(/Usd$/, " (USD)");
  const apart = words.replace(/[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return apart.charAt(0).toUpperCase() + apart.slice(1);
}

/**
 * The schema of a run's context: what a run or an assistant in Studio may set. All other options are fixed at build.
 */
export const contextSchema = z.object(CONTEXT_SHAPE);

/** The context of a run: the options that a run or an assistant in Studio may set without a new build. */
export interface RunContext extends z.infer<typeof contextSchema> {}

/** Reads the value at a path in nested objects. */
export function valueAt(target: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), target);
}

/** Copies nested objects, with another value at a path. */
export function withValue<Target extends object>(
  target: Target,
  [name, ...rest]: readonly string[],
  value: unknown,
): Target {
  if (name === undefined) {
    return target;
  }
  const inner = rest.length === 0 ? value : withValue(Object(Reflect.get(target, name) ?? {}), rest, value);
  return { ...target, [name]: inner };
}

/** Converts the values of flags to options. An empty list and a switch that is off set nothing. */
export function toOptions(values: FlagValues): PlanExecuteOptions {
  const given = new Map<string, unknown>(Object.entries(values));
  const none: PlanExecuteOptions = {};
  return FLAG_FIELDS.reduce((options, { name, path, read }) => {
    const value = given.get(name);
    const isNothing = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    return isNothing ? options : withValue(options, path, read(value));
  }, none);
}
