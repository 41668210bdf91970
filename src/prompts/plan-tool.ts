import { ACTS } from "./catalogue.js";

/** The tool with which planner and replanner hand in a plan, in the wire form, which is as short as possible. */
export const PLAN_TOOL = "plan";
/** The tool with which a replanner may answer, because some models prefer a call to text. */
export const RESPOND_TOOL = "respond";
/** The tool with which the model of a step says that the step cannot be done. */
export const BLOCKED_TOOL = "blocked";

/** What a step's fields mean, for those whose names do not say it. */
export const STEP_MEANINGS = {
  forEach: "A list; done for each {{item}}.",
  if: "{{1.stock}} < 10 && !{{2}}",
  dependsOn: `Left out, agents and ${ACTS} follow the step before; []: none.`,
} as const;

/** What makes a step one that a model does. Without a schema, the rules show it by examples. */
export const KIND_MEANINGS = {
  description: "For an agent, or a model that makes args. Sees the {{1}} in it, else all before.",
  tools: "The agent's; []: none.",
} as const;

/** What a step's model may be, where there is a strong one. */
export const MODEL_MEANING =
  '"strong" where an agent, or a model that makes arguments, needs the better model.';

/** What a plan's answer may be. */
export const ANSWER_MEANING = 'Step id or words: "Both cost {{3}} euros." Left out, a model writes it.';

const TEXT = { type: "string" } as const;
const STEP_FIELDS = {
  description: TEXT,
  tool: TEXT,
  // Steps may have their call under the tool's name instead. But some models that are held to the schema never write
  // keys that it does not name, so `args` is named too.
  args: { type: "object" },
  tools: { type: "array", items: TEXT },
  forEach: TEXT,
  if: TEXT,
  dependsOn: { type: "array", items: TEXT },
} as const;

/** What is offered for plans where the options ask for it. */
export interface PlanExtras {
  /** Whether a step may take the id of an earlier one. A first plan's steps are known by their positions. */
  readonly ids?: boolean;
  /** Whether steps say what can go wrong. */
  readonly pitfalls?: boolean;
  /** Whether a saved plan may be named. */
  readonly savedPlans?: boolean;
  /** Whether steps may name a worker. */
  readonly workers?: boolean;
  /** Whether steps may ask for the strong model. */
  readonly strongModel?: boolean;
}

/**
 * Writes the JSON Schema of a plan on the wire. It is not strict, because reading fills in what models leave out and
 * understands much of what they add.
 */
export function toWireSchema(
  isExplained: boolean,
  { ids, pitfalls, savedPlans, workers, strongModel }: PlanExtras = {},
) {
  const meanings: Readonly<Record<string, string>> = isExplained
    ? { ...KIND_MEANINGS, ...STEP_MEANINGS, model: MODEL_MEANING }
    : {};
  const fields = Object.entries({
    ...(ids ? { id: TEXT } : {}),
    ...STEP_FIELDS,
    ...(workers ? { worker: TEXT } : {}),
    ...(strongModel ? { model: TEXT } : {}),
    ...(pitfalls ? { pitfalls: TEXT } : {}),
  });
  const properties = fields.map(([name, field]) => {
    const description = meanings[name];
    return [name, description === undefined ? field : { ...field, description }] as const;
  });
  const step = {
    type: "object",
    properties: Object.fromEntries(properties),
    additionalProperties: true,
  } as const;
  return {
    type: "object",
    properties: {
      steps: { type: "array", items: step },
      answer: isExplained ? { ...TEXT, description: ANSWER_MEANING } : TEXT,
      ...(savedPlans ? { use: TEXT, with: { type: "object" } } : {}),
    },
    required: savedPlans ? [] : ["steps"],
  } as const;
}

/** Writes the plan tool's definition. Its schema explains the fields, so the rules need not. */
export function toPlanTool(extras: PlanExtras = {}) {
  const schema = toWireSchema(true, extras);
  return { name: PLAN_TOOL, description: "Hands in the plan.", schema } as const;
}

/** The respond tool's definition. */
export const RESPOND_DEFINITION = {
  name: RESPOND_TOOL,
  description: "Gives the final answer, as text does.",
  schema: {
    type: "object",
    properties: { answer: { type: "string" }, reached: { type: "boolean" } },
    required: ["answer", "reached"],
  },
} as const;
