import type { BaseMessage } from "@langchain/core/messages";
import { MessagesZodMeta, type Overwrite } from "@langchain/langgraph";
import { registry, withLangGraph } from "@langchain/langgraph/zod";
import { z } from "zod";
import { withSparseClones } from "../langgraph/index.js";
import { type PlanStep, planStepSchema, type StepResult, stepResultSchema } from "../plan/index.js";
import { NO_STANDING_RULES, type StandingRules } from "../policy/index.js";
import { addUsage, emptyUsage, type Usage, usageSchema } from "../usage/index.js";
import { type Effect, effectSchema } from "./effects.js";
import { mergeCards, type PlanCard, planCardSchema } from "./plan-card.js";
import {
  type Failure,
  failureSchema,
  type PlanVersion,
  planVersionSchema,
  type RunOutcome,
  type RunStatus,
  runOutcomeSchema,
  runStatusSchema,
  type UndoneEnding,
  undoneEndingSchema,
} from "./run-status.js";
import { type Steering, steeringSchema } from "./steering.js";
import {
  type ChosenPlan,
  chosenPlanSchema,
  currentTurnSchema,
  type Turn,
  type Verdict,
  verdictSchema,
  type Words,
  wordsSchema,
} from "./turn.js";
import {
  type Decision,
  decisionSchema,
  type OpenRequest,
  openRequestSchema,
  type SuspendedStep,
  standingRulesSchema,
  suspendedStepSchema,
} from "./waiting.js";

/** The version of the state's shape. Every checkpoint keeps it, and `migrations.ts` reads the older ones. */
export const STATE_VERSION = 2;

/** The messages are `z.any()` because Studio's forms come out empty with any other schema of messages. */
const messagesSchema = z
  .array(z.any())
  .describe("The conversation: what people asked, the plan as they see it, and the answers.")
  .register(registry, { ...MessagesZodMeta });

// `input` and `response` use "" for "none". A run takes the one and gives the other, and users' types and clients
// expect strings.
const inputSchema = latest<string>(z.string(), () => "", "The goal, in plain words.");
const chosenPlanChannel = latest<ChosenPlan | null>(
  chosenPlanSchema.nullable(),
  () => null,
  "The saved plan that the next turn carries out; null: a planner plans it.",
);
const responseSchema = latest<string>(z.string(), () => "", "The answer, or what was achieved.");
const planSchema = latest<PlanStep[]>(
  z.array(planStepSchema),
  () => [],
  "The whole current plan, finished steps included.",
);
const pastStepsSchema = reduced<StepResult[]>(
  z.array(stepResultSchema),
  () => [],
  "What became of each step that ended, by step id.",
  mergeResults,
);
/** The channel has no value until an agent with a `responseFormat` writes one. */
const structuredResponseSchema = withLangGraph(
  z
    .unknown()
    .optional()
    .describe("The answer in the form of `responseFormat`, if the agent has one; null: there is none."),
  { reducer: { fn: replaceValue<unknown> } },
);
const statusSchema = latest<RunStatus>(runStatusSchema, () => "planning", "Where the run stands.");
const outcomeSchema = latest<RunOutcome | null>(
  runOutcomeSchema.nullable(),
  () => null,
  "Why the run ended, what failed and what was left; null while it runs.",
);
const runUsageSchema = reduced<Usage>(
  usageSchema,
  emptyUsage,
  "Model calls, tokens and dollars of this turn.",
  addUsage,
);

/**
 * The schema of the graph's state. All but the messages is plain JSON, every channel has a reducer, null means "none".
 */
export const stateSchema = z.object({
  messages: messagesSchema,
  input: inputSchema,
  chosenPlan: chosenPlanChannel,
  turn: latest<Turn | null>(currentTurnSchema, () => null, "The turn; null: no input has come yet."),
  plan: planSchema,
  answerStep: latest<string | null>(
    z.string().nullable(),
    () => null,
    "Id of the step whose output is the answer, or the answer's words with references; null: neither.",
  ),
  planVersions: reduced<PlanVersion[]>(
    z.array(planVersionSchema),
    () => [],
    "Every version of this turn's plan, and why it was made.",
    mergeVersions,
  ),
  pastSteps: pastStepsSchema,
  request: latest<OpenRequest | null>(
    openRequestSchema,
    () => null,
    "The request that waits for a person; null: nothing waits.",
  ),
  waitedMs: latest<number>(
    z.number(),
    () => 0,
    "How long this turn has waited for people; no limit counts it.",
  ),
  suspended: latest<SuspendedStep[]>(
    z.array(suspendedStepSchema),
    () => [],
    "What the steps that wait have done so far.",
  ),
  standingRules: latest<StandingRules>(
    standingRulesSchema,
    () => NO_STANDING_RULES,
    "The rules of approval that hold for this turn: a later run can only add to them.",
  ),
  decisions: latest<Decision[]>(
    z.array(decisionSchema),
    () => [],
    "What was decided in this turn, by whom and when.",
  ),
  effects: latest<Effect[]>(
    z.array(effectSchema),
    () => [],
    "Calls of this turn that can be undone, or of which nobody knows whether they were carried out.",
  ),
  undoing: latest<UndoneEnding | null>(
    undoneEndingSchema.nullable(),
    () => null,
    "How the run ends once what it did is undone; null: nothing is being undone.",
  ),
  words: latest<Words | null>(
    wordsSchema,
    () => null,
    "What a person said of a rejected plan, or between steps, and no model was told yet; null: nothing.",
  ),
  steering: latest<Steering[]>(
    z.array(steeringSchema),
    () => [],
    "What people changed between steps. Write one here to steer: message, skip, retry or plan.",
  ),
  verdict: latest<Verdict | null>(
    verdictSchema,
    () => null,
    "What the executor found is to come next; null: nothing more can run.",
  ),
  response: responseSchema,
  structuredResponse: structuredResponseSchema,
  status: statusSchema,
  outcome: outcomeSchema,
  failure: latest<Failure | null>(
    failureSchema.nullable(),
    () => null,
    "Where a model's failure stopped the turn; a null input goes on from there.",
  ),
  replans: latest<number>(z.number().int(), () => 0, "How often the plan was changed in this turn."),
  rejections: latest<number>(z.number().int(), () => 0, "How often a person rejected a plan in this turn."),
  droppedCalls: latest<number>(
    z.number().int(),
    () => 0,
    "Calls that began while a plan was written, and that no step took on: limits.maxSteps counts them.",
  ),
  usage: runUsageSchema,
  segment: latest<number>(
    z.number().int(),
    () => 0,
    "How often the turn was invoked: by its input, by each resume, and by each change between runs. Events tell it.",
  ),
  ui: reduced<PlanCard[]>(
    z.array(planCardSchema),
    () => [],
    "The plans as cards, where `showPlan` is card: items of generative UI.",
    mergeCards,
  ),
  traceparent: latest<string | null>(
    z.string().nullable(),
    () => null,
    "The trace that the turn's first run belongs to, as W3C writes it; null: none.",
  ),
  schemaVersion: latest<number>(z.number().int(), () => STATE_VERSION, "Version of this state's shape."),
});

/** The state's schema in the form that the graph gets: `withSparseClones` makes LangGraph's copies of it cheap. */
export const graphStateSchema = withSparseClones(stateSchema.clone());

/**
 * The schema of what a run takes: a goal in words, messages of which the last is the goal, or a saved plan. `plan` is
 * not the channel of this name: `agent/choose-plan.ts` puts it into `chosenPlan`.
 */
const inputStateSchema = z.object({
  input: z.string().optional().describe("The goal, in plain words."),
  messages: z
    .array(z.any())
    .optional()
    .describe("Or the conversation, of which the last message is the goal.")
    .register(registry, { ...MessagesZodMeta, default: undefined }),
  plan: chosenPlanSchema.optional().describe("A saved plan to carry out, with the values of its parameters."),
  chosenPlan: chosenPlanChannel.optional(),
});

/** The schema of what a run takes, with goals to begin with: JSON Schema's `examples`, which clients can show. */
export function createInputSchema(examples: readonly string[] = []): typeof inputStateSchema {
  const { input } = inputStateSchema.shape;
  return examples.length === 0
    ? inputStateSchema
    : inputStateSchema.extend({ input: input.meta({ ...input.meta(), examples }) });
}

/** The schema of what a run gives. */
export const outputStateSchema = z.object({
  messages: messagesSchema,
  plan: planSchema,
  pastSteps: pastStepsSchema,
  response: responseSchema,
  structuredResponse: structuredResponseSchema,
  status: statusSchema,
  outcome: outcomeSchema,
  usage: runUsageSchema,
});

/** The state as the nodes see it. It names the class of the messages, because `messagesSchema` cannot. */
export interface AgentState
  extends Readonly<Omit<z.infer<typeof stateSchema>, "messages" | "structuredResponse">> {
  readonly messages: BaseMessage[];
  readonly structuredResponse?: unknown;
}

/** New values for some of the channels. A channel with a reducer adds the value to what it holds. */
export type StateChange = Partial<AgentState>;

/**
 * What a node returns: new values for some of the channels. `Overwrite` replaces the value of a channel with a reducer.
 */
export type StateUpdate = {
  -readonly [Key in keyof AgentState]?: AgentState[Key] | Overwrite<AgentState[Key]>;
};

/**
 * Defines a channel with a reducer. Both schemas have the description, because Studio shows the one for reading and the
 * one for writing.
 */
function reduced<T>(
  schema: z.ZodType<T, T>,
  initial: () => T,
  description: string,
  reduce: (current: T, update: T) => T,
) {
  const described = schema.describe(description);
  return withLangGraph(described, { reducer: { fn: reduce, schema: described }, default: initial });
}

/** Defines a channel whose new value replaces the old one. */
function latest<T>(schema: z.ZodType<T, T>, initial: () => T, description: string) {
  return reduced(schema, initial, description, replaceValue<T>);
}

function replaceValue<T>(_current: T, update: T): T {
  return update;
}

/** Merges results by step id. A later result replaces the earlier one of its step and keeps its position. */
export function mergeResults(current: StepResult[], update: StepResult[]): StepResult[] {
  const merged = new Map(current.map((result) => [result.id, result]));
  for (const result of update) {
    merged.set(result.id, result);
  }
  return [...merged.values()];
}

/** Merges versions by number. A later version replaces the earlier one of the same number. */
function mergeVersions(current: PlanVersion[], update: PlanVersion[]): PlanVersion[] {
  const merged = new Map(current.map((version) => [version.version, version]));
  for (const version of update) {
    merged.set(version.version, version);
  }
  return [...merged.values()];
}
