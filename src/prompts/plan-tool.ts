import { ACTS } from "./catalogue.js";

/** The tool with which planner and replanner hand in a plan, in the wire form, which is as short as possible. */
export const PLAN_TOOL = "plan";
/** The tool with which a replanner may answer, because some models prefer a call to text. */
export const RESPOND_TOOL = "respond";
/** The tool with which the model of a step says that the step cannot be done. */
export const BLOCKED_TOOL = "blocked";

/** What a step's fields mean, for those whose names do not say it. */
export const STEP_MEANINGS = {
  id: "Left out: its position, from 1.",
  forEach: "Reference to a list: the step is done for each {{item}} and gives a list.",
  if: "Condition: {{1.stock}} < 10 && !{{2}}. False, 0 or empty skips the step.",
  dependsOn: `Ids of further steps to come after; []: none. Left out, a step in words without references comes after all before it and sees their outputs, any other ${ACTS} or agent step after the one before it.`,
  expect: "What its output must satisfy.",
} as const;

/** What a step's model may be, where there is a strong one. */
export const MODEL_MEANING =
  '"strong" where an agent, or a model that makes arguments, needs the better model.';

/** What a plan's answer may be. */
export const ANSWER_MEANING =
  'Id of the step whose output is the whole answer for the person, or the answer in words: "Both cost {{3}} euros." Left out, or if a step it needs did not end well: a model writes it from all outputs.';

const TEXT = { type: "string" } as const;
const STEP_FIELDS = {
  id: TEXT,
  description: TEXT,
  tool: TEXT,
  // Steps may have their call under the tool's name instead. But some models that are held to the schema never write
  // keys that it does not name, so `args` is named too.
  args: { type: "object" },
  tools: { type: "array", items: TEXT },
  forEach: TEXT,
  if: TEXT,
  dependsOn: { type: "array", items: TEXT },
  expect: TEXT,
} as const;

/** What is offered for plans where the options ask for it. */
export interface PlanExtras {
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
  { pitfalls, savedPlans, workers, strongModel }: PlanExtras = {},
) {
  const meanings: Readonly<Record<string, string>> = isExplained
    ? { ...STEP_MEANINGS, model: MODEL_MEANING }
    : {};
  const fields = Object.entries({
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
