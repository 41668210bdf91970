/** The tool with which planner and replanner hand in a plan: the wire form, as short as it can be. */
export const PLAN_TOOL = "plan";
/** The tool with which a replanner may answer, for models that prefer a call to text. */
export const RESPOND_TOOL = "respond";
/** The tool with which an agent step says that it cannot go on. */
export const BLOCKED_TOOL = "blocked";

const step = {
  type: "object",
  properties: {
    id: { type: "string", description: "Short id. Left out: the step's position, 1, 2, …" },
    description: { type: "string", description: "What to do, where the call does not say it." },
    tool: { type: "string" },
    // Told for models whose output is held to the schema: some leave out what it says of further keys.
    args: { type: "object" },
    dependsOn: { type: "array", items: { type: "string" } },
    forEach: { type: "string", description: "One reference to a list; the step is done for each {{item}}." },
    if: { type: "string", description: "One reference; the step is skipped if it is false, empty or null." },
    expect: { type: "string", description: "What the output must satisfy." },
    pitfalls: { type: "string", description: "What can go wrong here." },
  },
  additionalProperties: {
    type: "object",
    description: "Complete arguments of the tool named by the key.",
  },
} as const;

/** JSON Schema of a plan on the wire. Not strict: what models leave out is filled in, what they add is read. */
export const planWireSchema = {
  type: "object",
  properties: {
    steps: { type: "array", items: step },
    answer: {
      type: "string",
      description: "Id of the step whose output is the whole answer, or the answer in words with references.",
    },
  },
  required: ["steps"],
} as const;

/** The plan tool as models are given it. */
export const planTool = {
  name: PLAN_TOOL,
  description: "Hands in the plan.",
  schema: planWireSchema,
} as const;

/** The respond tool as models are given it. */
export const respondTool = {
  name: RESPOND_TOOL,
  description: "Gives the final answer to the goal. Answering in plain text does the same.",
  schema: {
    type: "object",
    properties: { answer: { type: "string" } },
    required: ["answer"],
  },
} as const;
