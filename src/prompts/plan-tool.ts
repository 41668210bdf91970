import { ACTS } from "./catalogue.js";

/** The tool with which planner and replanner hand in a plan: the wire form, as short as it can be. */
export const PLAN_TOOL = "plan";
/** The tool with which a replanner may answer, for models that prefer a call to text. */
export const RESPOND_TOOL = "respond";
/** The tool with which an agent step says that it cannot go on. */
export const BLOCKED_TOOL = "blocked";

/** What a step's fields mean, where their names do not say it. */
export const STEP_MEANINGS = {
  id: "Left out: its position, from 1.",
  forEach: "Reference to a list: the step is done for each {{item}}.",
  if: "Reference: the step is skipped where it is false, empty or null.",
  dependsOn: `Ids of further steps to come after. Left out, a step with no tool or an ${ACTS} one comes after the step before it; [] frees it.`,
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
  // Told for models whose output is held to the schema: some leave out what it says of further keys.
  args: { type: "object" },
  forEach: TEXT,
  if: TEXT,
  dependsOn: { type: "array", items: TEXT },
  expect: TEXT,
} as const;

/** What is said of the fields of a step, and which there are beside the usual ones. */
interface Telling {
  readonly isExplained: boolean;
  readonly hasPitfalls: boolean;
}

/** JSON Schema of a plan on the wire. Not strict: what models leave out is filled in, what they add is read. */
export function toWireSchema({ isExplained, hasPitfalls }: Telling) {
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
    },
    required: ["steps"],
  } as const;
}

/** The plan tool as models are given it; its schema tells what the fields mean, and the rules need not. */
export function toPlanTool(hasPitfalls: boolean) {
  const schema = toWireSchema({ isExplained: true, hasPitfalls });
  return { name: PLAN_TOOL, description: "Hands in the plan.", schema } as const;
}

/** The respond tool as models are given it. */
export const RESPOND_DEFINITION = {
  name: RESPOND_TOOL,
  description: "Gives the final answer to the goal. Answering in plain text does the same.",
  schema: {
    type: "object",
    properties: { answer: { type: "string" } },
    required: ["answer"],
  },
} as const;
