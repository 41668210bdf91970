import { z } from "zod";

/** The heading of the command's help under which a flag stands. */
export type FlagGroup = "models" | "plans" | "limits";

/** An option's flag on the command line. The value of a flag is kept with the thread. */
export interface Flag {
  /** @default "plans" */
  readonly group?: FlagGroup;
  /** What follows the flag, such as "<n>". A flag without it is a switch. */
  readonly argument?: string;
  readonly help: string;
}

/**
 * What a context's value does to the agent's own value: `replaces` it, `adds` to its end, or only `tightens` it. With
 * `every-role` it applies to all roles. With `narrows` it leaves only some of the tools.
 */
export type Effect = "replaces" | "adds" | "tightens" | "every-role" | "narrows";

/** The rules of an option that a context can only make stricter. */
export interface Tightening<Value = unknown, Built = unknown> {
  /** Joins the values of two contexts: returns the stricter one, or everything that the two ask for. */
  join(one: Value, other: Value): Value;
  /** Says what is wrong with a value that is weaker than the agent's own. */
  refuse?(value: Value, built: Built): string | undefined;
}

/** An option outside the code: its name and its written form in a run's context and on the command line. */
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
  /** The description in the form of a context. */
  readonly context?: string;
  readonly flag?: Flag;
  readonly effect: Effect;
  readonly tightening?: Tightening;
  /** The kind of things that its values name. */
  readonly names?: "models" | "tools";
  /** Converts a written value to the option's value. */
  read(written: unknown): unknown;
  /** Converts the option's value to its written form. Undefined if it has none. */
  show(value: unknown): unknown;
}

/** An entry of the schema: one option. */
export interface Option<Schema extends z.ZodType = z.ZodType, OwnField extends Field = Field> {
  /** Checks a value and applies the default. */
  readonly schema: Schema;
  readonly default?: unknown;
  readonly field?: OwnField;
}

/** An entry that holds further entries. */
export interface Section<Options extends object = object, Entries extends Shape = Shape> {
  readonly schema: z.ZodType<SettingsOf<Entries>, Options | undefined>;
  readonly entries: Entries;
}

/** Entries by the names of their options and sections. */
export interface Shape {
  readonly [name: string]: Option | Section;
}

/** The type of the options that may be given for these entries. */
export type OptionsOf<Entries extends object> = {
  readonly [Name in keyof Entries]?: Entries[Name] extends { readonly schema: infer Schema }
    ? z.input<Schema>
    : never;
};

/** The type of the settings of these entries: the options with their defaults applied. */
export type SettingsOf<Entries extends object> = {
  readonly [Name in keyof Entries]: Entries[Name] extends { readonly schema: infer Schema }
    ? z.output<Schema>
    : never;
};

/** The fields of these entries, including those in sections. */
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
  /** The name outside the code: `maxSteps` for --max-steps. Without a name, only code can set the option. */
  readonly name?: Name;
  /** The type of the written form. @default as in code */
  readonly written?: Written;
  readonly read?: (written: z.output<Written>) => z.input<Type>;
  readonly show?: (value: z.output<Type>) => z.output<Written> | undefined;
  /** The description in the form of a run's context. Without one, no context can set the option. */
  readonly context?: Context;
  readonly flag?: OwnFlag;
  /** @default "replaces" */
  readonly effect?: Effect;
  readonly tightening?: Tightening<z.output<Written>, z.output<Type>>;
  readonly names?: "models" | "tools";
}

/** Whether a value was given. */
type IsGiven<Value> = [Value] extends [undefined] ? false : true;

/** Defines an option, with all its details in one place. Its documentation comment is also its text in docs/options.md. */
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

/** Defines a section: options in an object of their own. `Options` is the public name of the section's type. */
export function section<Options extends OptionsOf<Entries>, Entries extends Shape>(
  entries: Entries,
): Section<Options, Entries> {
  const schema = toSchema(entries).prefault({}) as Section<Options, Entries>["schema"];
  return { schema, entries };
}

/** Creates the schema that checks these entries. It refuses any other entry by its name. */
export function toSchema<Entries extends Shape>(
  entries: Entries,
): z.ZodType<SettingsOf<Entries>, OptionsOf<Entries>> {
  const schemas = Object.entries(entries).map(([name, { schema }]): [string, z.ZodType] => [name, schema]);
  return z.strictObject(Object.fromEntries(schemas)) as z.ZodType<SettingsOf<Entries>, OptionsOf<Entries>>;
}
