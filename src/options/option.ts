import { z } from "zod";

/** Under which heading of the command's help a flag stands. */
export type FlagGroup = "models" | "plans" | "limits";

/** How an option stands on the command line; what is given there is kept with the thread. */
export interface Flag {
  /** @default "plans" */
  readonly group?: FlagGroup;
  /** What follows the flag, such as "<n>"; without it the flag is a switch. */
  readonly argument?: string;
  readonly help: string;
}

/**
 * What a context's value does to the agent's own: it takes its place, is added after it, can only make it stricter,
 * holds for every role, or leaves only some of the tools.
 */
export type Effect = "replaces" | "adds" | "tightens" | "every-role" | "narrows";

/** For an option that a context can only make stricter. */
export interface Tightening<Value = unknown, Built = unknown> {
  /** The stricter of two contexts, or what both ask for. */
  join(one: Value, other: Value): Value;
  /** What is wrong with a value that is weaker than what the agent was built with. */
  refuse?(value: Value, built: Built): string | undefined;
}

/** An option as it is called and written outside the code: in a run's context, and on the command line. */
export interface Field<
  Name extends string = string,
  Written extends z.ZodType = z.ZodType,
  InContext extends boolean = boolean,
  OnCommandLine extends boolean = boolean,
> {
  readonly name: Name;
  readonly type: Written;
  readonly inContext: InContext;
  readonly onCommandLine: OnCommandLine;
  /** What the form of a context says of it. */
  readonly context?: string;
  readonly flag?: Flag;
  readonly effect: Effect;
  readonly tightening?: Tightening;
  /** What its values name. */
  readonly names?: "models" | "tools";
  /** The option's value for one that is written. */
  read(written: unknown): unknown;
  /** What would be written for an option's value; undefined if nothing could be. */
  show(value: unknown): unknown;
}

/** An entry of the schema. */
export interface Option<Schema extends z.ZodType = z.ZodType, OwnField extends Field = Field> {
  /** What it must be, with its default. */
  readonly schema: Schema;
  readonly default?: unknown;
  readonly field?: OwnField;
}

/** An entry that holds further entries. */
export interface Section<Options extends object = object, Entries extends Shape = Shape> {
  readonly schema: z.ZodType<SettingsOf<Entries>, Options | undefined>;
  readonly entries: Entries;
}

/** Entries by the names of their options. */
export interface Shape {
  readonly [name: string]: Option | Section;
}

/** What may be given for these entries. */
export type OptionsOf<Entries extends object> = {
  readonly [Name in keyof Entries]?: Entries[Name] extends { readonly schema: infer Schema }
    ? z.input<Schema>
    : never;
};

/** What holds for these entries: defaults applied. */
export type SettingsOf<Entries extends object> = {
  readonly [Name in keyof Entries]: Entries[Name] extends { readonly schema: infer Schema }
    ? z.output<Schema>
    : never;
};

/** The fields of these entries, and of the sections among them. */
export type FieldsOf<Entries extends object> = {
  [Name in keyof Entries]: Entries[Name] extends { readonly entries: infer Inner extends object }
    ? FieldsOf<Inner>
    : Entries[Name] extends Option<z.ZodType, infer OwnField>
      ? OwnField
      : never;
}[keyof Entries];

interface Details<
  Type extends z.ZodType,
  Name extends string,
  Written extends z.ZodType,
  Context extends string | undefined,
  OwnFlag extends Flag | undefined,
> {
  /** What it is called outside the code, `maxSteps` for --max-steps; without it only code can set it. */
  readonly name?: Name;
  /** How it is written there. @default as in code */
  readonly written?: Written;
  readonly read?: (written: z.output<Written>) => z.input<Type>;
  readonly show?: (value: z.output<Type>) => z.output<Written> | undefined;
  /** Says in the form of a run's context what it is for; without it no context can set it. */
  readonly context?: Context;
  readonly flag?: OwnFlag;
  /** @default "replaces" */
  readonly effect?: Effect;
  readonly tightening?: Tightening<z.output<Written>, z.output<Type>>;
  readonly names?: "models" | "tools";
}

/** Whether something was given. */
type IsGiven<Value> = [Value] extends [undefined] ? false : true;

/** An option: all that is to be said of it, in one place. Its documentation comment is its text in the README. */
export function option<
  Type extends z.ZodType,
  Name extends string = never,
  Written extends z.ZodType = Type,
  Context extends string | undefined = undefined,
  OwnFlag extends Flag | undefined = undefined,
>(
  type: Type,
  details: Details<Type, Name, Written, Context, OwnFlag> & { readonly default: z.input<Type> },
): Option<z.ZodPrefault<Type>, Field<Name, Written, IsGiven<Context>, IsGiven<OwnFlag>>>;
export function option<
  Type extends z.ZodType,
  Name extends string = never,
  Written extends z.ZodType = Type,
  Context extends string | undefined = undefined,
  OwnFlag extends Flag | undefined = undefined,
>(
  type: Type,
  details?: Details<Type, Name, Written, Context, OwnFlag>,
): Option<z.ZodOptional<Type>, Field<Name, Written, IsGiven<Context>, IsGiven<OwnFlag>>>;
export function option(
  type: z.ZodType,
  details: Partial<Field> & { readonly written?: z.ZodType; readonly default?: unknown } = {},
): Option {
  const { name, written = type, context, flag } = details;
  const own = details.default;
  const schema = own === undefined ? type.optional() : type.prefault(own);
  if (name === undefined) {
    return { schema, default: own };
  }
  return {
    schema,
    default: own,
    field: {
      read: (value) => value,
      show: (value) => value,
      effect: "replaces",
      ...details,
      name,
      type: written,
      inContext: context !== undefined,
      onCommandLine: flag !== undefined,
    },
  };
}

/** A section: options that stand in an object of their own. `Options` is the name that its type has in public. */
export function section<Options extends OptionsOf<Entries>, Entries extends Shape>(
  entries: Entries,
): Section<Options, Entries> {
  const schema = toSchema(entries).prefault({}) as Section<Options, Entries>["schema"];
  return { schema, entries };
}

/** The check of these entries; one that is not among them is refused by its name. */
export function toSchema<Entries extends Shape>(
  entries: Entries,
): z.ZodType<SettingsOf<Entries>, OptionsOf<Entries>> {
  const schemas = Object.entries(entries).map(([name, { schema }]): [string, z.ZodType] => [name, schema]);
  return z.strictObject(Object.fromEntries(schemas)) as z.ZodType<SettingsOf<Entries>, OptionsOf<Entries>>;
}
