import { z } from "zod";
import { createNearestName } from "../base/index.js";
import { assertModelName, type NamedModels } from "../models/index.js";
import { assertPrices } from "./assert-settings.js";
import {
  CONTEXT_FIELDS,
  contextSchema,
  type PlacedField,
  showValue,
  toTitle,
  valueAt,
  withValue,
} from "./fields.js";
import { OptionsError, toProblems } from "./options-error.js";
import type { AgentSettings } from "./settings.js";

/** What a run's context is checked against. */
export interface KnownNames {
  readonly models: NamedModels;
  /** Whether there is a tool of this name. */
  hasTool(name: string): boolean;
  /** The fields of a context that belong to the agent's tools, or to a graph around it. */
  readonly contextFields?: z.ZodObject;
}

/**
 * Keys that LangGraph's servers write into a run's config. Servers that keep `configurable` and `context` the same also
 * write them into the context. None of them can be a misspelt key of ours.
 */
const KEYS_OF_SERVERS =
  /^(__|x-|langgraph_|langsmith_|user-agent$|checkpoint_(id|ns|map)$|(thread|run|graph|assistant|user)_id$)/;
/** The most unknown keys that an error names. */
const MAX_UNKNOWN_KEYS = 20;

/**
 * Creates the context schema to build a graph with. Studio reads it to show the fields and what applies if a field is
 * left out. The return type is wide so that callers may leave out any key. LangGraph's types would demand every key,
 * optional or not.
 */
export function createGraphContext(
  settings: AgentSettings,
  { toolNames = [], contextFields }: { toolNames?: readonly string[]; contextFields?: z.ZodObject } = {},
): z.ZodObject {
  const shape: Readonly<Record<string, z.ZodType>> = contextSchema.shape;
  const known = CONTEXT_FIELDS.map((field): [string, z.ZodType] => {
    const { name, names, type } = field;
    const isTools = names === "tools" && toolNames.length > 0;
    const shown = shownDefault(field, settings);
    // The default is metadata, because with zod's own default the field would look required.
    const meta = { ...shape[name]?.meta(), ...(shown === undefined ? {} : { default: shown }) };
    return [name, (isTools ? z.array(z.enum(toolNames)) : type).optional().meta(meta)];
  });
  return z.object({ ...toOptional(contextFields), ...Object.fromEntries(known) });
}

/** The agent's own fields, each of which a context may leave out. The tools that read them apply their defaults. */
function toOptional(contextFields: z.ZodObject | undefined): Record<string, z.ZodType> {
  const fields = Object.entries(contextFields?.shape ?? {}).map(([name, field]): [string, z.ZodType] => {
    const { title = toTitle(name) } = z.toJSONSchema(field, { io: "input", unrepresentable: "any" });
    return [name, z.optional(field).meta({ title })];
  });
  return Object.fromEntries(fields);
}

/**
 * Returns the default that Studio fills into a field. Fields that name models get none, because a value filled in for
 * one role would override the model that somebody sets for all roles. Fields that add to the agent's own value get none
 * either.
 */
function shownDefault(field: PlacedField, settings: AgentSettings): unknown {
  const isShown = field.names === undefined && field.effect !== "adds";
  return isShown ? showValue(field, valueAt(settings, field.path)) : undefined;
}

/** Returns the settings of a run: the agent's own, changed by the run's context. */
export function applyContext(settings: AgentSettings, context: unknown, known: KnownNames): AgentSettings {
  if (context === undefined || context === null) {
    return settings;
  }
  assertKeys(context, known);
  const parsed = contextSchema.safeParse(context);
  const own = z.object(toOptional(known.contextFields)).safeParse(context);
  const issues = [parsed, own].flatMap(({ error }) => error?.issues ?? []);
  if (!parsed.success || issues.length > 0) {
    throw new OptionsError("The run's context", issues.flatMap(toProblems));
  }
  const given = givenIn(parsed.data);
  assertNames(given, known);
  assertNotWeaker(given, settings);
  assertModelsAsked(given, settings);
  // A field for every role is applied before the fields of single roles, so the latter win.
  const applied = given.reduce((before, [field, value]) => applyField(before, field, value), settings);
  assertPrices(applied, known.models, "The run's context");
  return applied;
}

/** A field, and the value that the context gives for it. */
type GivenField = readonly [field: PlacedField, value: unknown];

function givenIn(context: object): GivenField[] {
  const values = new Map<string, unknown>(Object.entries(context));
  return CONTEXT_FIELDS.flatMap((field): GivenField[] => {
    const value = values.get(field.name);
    return value === undefined ? [] : [[field, value]];
  });
}

function applyField(settings: AgentSettings, field: PlacedField, value: unknown): AgentSettings {
  const { effect, path, read } = field;
  switch (effect) {
    case "replaces":
      return withValue(settings, path, read(value));
    case "adds":
      return withValue(settings, path, [valueAt(settings, path) ?? [], value].flat().join("\n\n"));
    case "tightens":
      // The agent's own rules stay as they are. The context's rules apply in addition to them.
      return withValue(settings, ["approval", "standing", ...path.slice(-1)], value);
    case "narrows":
      return withValue(settings, ["toolNames"], value);
    case "every-role":
      return forEveryRole(settings, path, value);
  }
}

const ROLES = ["planner", "executor", "replanner", "answer"] as const;

/**
 * Sets a value for every role that has one. If the answer has no model of its own, it still uses the replanner's,
 * whatever that is.
 */
function forEveryRole(settings: AgentSettings, path: readonly string[], value: unknown): AgentSettings {
  const roles = ROLES.filter((role) => valueAt(settings, [role, ...path]) !== undefined);
  return roles.reduce((before, role) => withValue(before, [role, ...path], value), settings);
}

/**
 * Joins the context that an agent got with `withConfig` and the context of one run. The run's values win, except that
 * they cannot remove what waits for a person. LangGraph would drop the first context as soon as there is a second. Both
 * contexts must have been checked.
 */
export function joinContexts(
  bound: Record<string, unknown> | undefined,
  given: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  if (bound === undefined || bound === null || given === undefined || given === null) {
    return given ?? bound;
  }
  const before = new Map<string, unknown>(Object.entries(contextSchema.parse(bound)));
  const own = new Map<string, unknown>(Object.entries(contextSchema.parse(given)));
  const tightened = CONTEXT_FIELDS.flatMap(({ name, tightening }) => {
    const [first, second] = [before.get(name), own.get(name)];
    if (tightening === undefined || first === undefined) {
      return [];
    }
    return [[name, second === undefined ? first : tightening.join(first, second)]];
  });
  return { ...bound, ...given, ...Object.fromEntries(tightened) };
}

/**
 * Throws if a context weakens the agent's rules of approval. Anybody who starts a run can set a context, so it may ask
 * for more approval and never for less.
 */
function assertNotWeaker(given: readonly GivenField[], settings: AgentSettings): void {
  const problems = given.flatMap(([{ name, path, tightening }, value]) => {
    const problem = tightening?.refuse?.(value, valueAt(settings, path));
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
  if (problems.length > 0) {
    throw new OptionsError("The run's context", problems);
  }
}

/**
 * Throws if a context has a key that nobody knows. If such keys were dropped, a misspelt `approveTools` would let a
 * tool run that nobody approved.
 */
function assertKeys(context: unknown, { contextFields }: KnownNames): void {
  if (Object.prototype.toString.call(context) !== "[object Object]") {
    const what = Array.isArray(context) ? "a list" : `a ${typeof context}`;
    throw new OptionsError("The run's context", [
      `context: it is ${what}, and must be an object: { approveTools: ["charge"] }. Or leave it out`,
    ]);
  }
  const known = CONTEXT_FIELDS.map(({ name }) => name);
  const others = new Set([...known, ...Object.keys(contextFields?.shape ?? {})]);
  const unknown = Object.keys(Object(context)).filter(
    (key) => !others.has(key) && !KEYS_OF_SERVERS.test(key),
  );
  if (unknown.length === 0) {
    return;
  }
  const nearest = createNearestName();
  const problems = unknown.slice(0, MAX_UNKNOWN_KEYS).map((key) => {
    const meant = nearest(key.replaceAll(/[_-]/g, ""), others);
    const hint = meant === undefined ? `the keys are ${known.join(", ")}` : `did you mean ${meant}?`;
    return `${key}: there is no such key; ${hint}`;
  });
  throw new OptionsError("The run's context", [
    ...problems,
    "contextFields: this option of the agent has the fields that its tools, or a graph around it, read",
  ]);
}

/** Throws if a context names a tool or a model that does not exist. */
function assertNames(given: readonly GivenField[], { models, hasTool }: KnownNames): void {
  const named = given.flatMap(([{ name, names }, value]) =>
    namesIn(value).map((one) => ({ field: name, names, one })),
  );
  const problems = named
    .filter(({ names, one }) => names === "tools" && !hasTool(one))
    .map(({ field, one }) => `${field}: there is no tool "${one}"`);
  if (problems.length > 0) {
    throw new OptionsError("The run's context", problems);
  }
  for (const { field, names, one } of named) {
    if (names === "models") {
      assertModelName(one, models, `context.${field}`);
    }
  }
}

/** Throws if a context names a model for a role that a function plays, because nobody would ask that model. */
function assertModelsAsked(
  given: readonly GivenField[],
  { planner, replanner, answer }: AgentSettings,
): void {
  const players = { planner: planner.plan, replanner: replanner.replan, answer: answer.write };
  const problems = given
    .filter(([{ path, names }]) => names === "models" && valueAt(players, path.slice(0, 1)) !== undefined)
    .map(([{ name, path }]) => `${name}: a function plays the ${path[0]} of this agent; leave it out`);
  if (problems.length > 0) {
    throw new OptionsError("The run's context", problems);
  }
}

/** Returns the names in a value, which is one name or a list of them. */
function namesIn(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === "string");
}
