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
  forEach: "Reference to a list: the step is done for each {{item}}.",
  if: "Condition: {{1.stock}} < 10 && !{{2}}. False, 0 or empty skips the step.",
  dependsOn: `Ids of further steps to come after. Left out, a step in words without references comes after all before it and sees their outputs, another with no tool or an ${ACTS} one after the last; [] frees it.`,
  expect: "What its output must satisfy.",
} as const;

/** What a plan's answer may be. */
export const ANSWER_MEANING =
  'Id of the step whose output is the whole answer for the person, or the answer in words: "Both cost {{3}} euros." Left out: a model writes it.';

const TEXT = { type: "string" } as const;
const STEP_FIELDS = {
  id: TEXT,
  description: TEXT,
  tool: TEXT,
  // Steps may have their call under the tool's name instead. But some models that are held to the schema never write
  // keys that it does not name, so `args` is named too.
  args: { type: "object" },
  forEach: TEXT,
  if: TEXT,
  dependsOn: { type: "array", items: TEXT },
  expect: TEXT,
} as const;

/** Whether the schema explains the fields of a step, and whether it has pitfalls and the names of saved plans. */
interface Telling {
  readonly isExplained: boolean;
  readonly hasPitfalls: boolean;
  readonly hasSavedPlans?: boolean;
}

/**
 * Writes the JSON Schema of a plan on the wire. It is not strict, because reading fills in what models leave out and
 * understands much of what they add.
 */
export function toWireSchema({ isExplained, hasPitfalls, hasSavedPlans = false }: Telling) {
  const meanings: Readonly<Record<string, string>> = isExplained ? STEP_MEANINGS : {};
  const fields = Object.entries({ ...STEP_FIELDS, ...(hasPitfalls ? { pitfalls: TEXT } : {}) });
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
      ...(hasSavedPlans ? { use: TEXT, with: { type: "object" } } : {}),
    },
    required: hasSavedPlans ? [] : ["steps"],
  } as const;
}

/** Writes the plan tool's definition. Its schema explains the fields, so the rules need not. */
export function toPlanTool(hasPitfalls: boolean, hasSavedPlans = false) {
  const schema = toWireSchema({ isExplained: true, hasPitfalls, hasSavedPlans });
  return { name: PLAN_TOOL, description: "Hands in the plan.", schema } as const;
}

/** The respond tool's definition. */
export const RESPOND_DEFINITION = {
  name: RESPOND_TOOL,
  description: "Gives the final answer to the goal. Answering in plain text does the same.",
  schema: {
    type: "object",
    properties: { answer: { type: "string" } },
    required: ["answer"],
  },
} as const;
