// Options as they are called and written outside the code: a run's context and the command line both read this list.
import { z } from "zod";
import type { Field, Section, Shape } from "./option.js";
import { type AnyField, OPTIONS, type PlanExecuteOptions } from "./schema.js";

/** A field, and the option that it sets. */
export interface PlacedField extends Field {
  /** Where the option stands: `["planner", "maxSteps"]`. */
  readonly path: readonly string[];
  /** What holds without it, as it would be written; undefined if there is no such value. */
  readonly shownDefault: unknown;
}

/** The fields of a context, with their types. */
type ContextField = Extract<AnyField, { readonly inContext: true }>;
/** The fields of the command line, with their types. */
type FlagField = Extract<AnyField, { readonly onCommandLine: true }>;

type ContextShape = {
  [One in ContextField as One["name"]]: z.ZodOptional<One["type"]>;
};

/** What flags set, by their options' names: `maxSteps` for --max-steps. */
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

/** A value of an option as it would be written; undefined if it could not be. */
export function showValue(field: Field, value: unknown): unknown {
  return field.type.optional().safeParse(field.show(value)).data;
}

/** All fields; those that name models come first. */
export const FIELDS: readonly PlacedField[] = fieldsIn(OPTIONS).sort(
  (one, other) => Number(other.names === "models") - Number(one.names === "models"),
);

export const CONTEXT_FIELDS = FIELDS.filter(({ inContext }) => inContext);
export const FLAG_FIELDS = FIELDS.filter(({ onCommandLine }) => onCommandLine);

const CONTEXT_SHAPE = Object.fromEntries(
  CONTEXT_FIELDS.map(({ name, type, context = "" }) => [name, type.optional().describe(context)]),
) as ContextShape;

/** What a run, or an assistant in Studio, may set without a new build; everything else stays as it was built. */
export const contextSchema = z.object(CONTEXT_SHAPE);

/** What a run, or an assistant in Studio, may set without a new build. */
export type RunContext = z.infer<typeof contextSchema>;

/** What stands at a place in an object of objects. */
export function valueAt(target: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), target);
}

/** An object of objects with another value at a place. */
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

/** The options that flags set; a list that is empty, or a switch that is off, sets nothing. */
export function toOptions(values: FlagValues): PlanExecuteOptions {
  const given = new Map<string, unknown>(Object.entries(values));
  const none: PlanExecuteOptions = {};
  return FLAG_FIELDS.reduce((options, { name, path, read }) => {
    const value = given.get(name);
    const isNothing = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    return isNothing ? options : withValue(options, path, read(value));
  }, none);
}
