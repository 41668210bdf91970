import type { BaseMessage } from "@langchain/core/messages";
import { MessagesZodMeta, type Overwrite } from "@langchain/langgraph";
import { registry, withLangGraph } from "@langchain/langgraph/zod";
import { z } from "zod";
import { withSparseClones } from "../langgraph/index.js";
import { type PlanStep, planStepSchema, type StepResult, stepResultSchema } from "../plan/index.js";
import { NO_STANDING_RULES, type StandingRules } from "../policy/index.js";
import { addUsage, emptyUsage, type Usage, usageSchema } from "../usage/index.js";
import {
  type Failure,
  failureSchema,
  type PlanVersion,
  planVersionSchema,
  type RunOutcome,
  type RunStatus,
  runOutcomeSchema,
  runStatusSchema,
} from "./run-status.js";
import { type Steering, steeringSchema } from "./steering.js";
import {
  type Decision,
  decisionSchema,
  type SuspendedStep,
  standingRulesSchema,
  suspendedStepSchema,
  type Waiting,
  waitingSchema,
} from "./waiting.js";

/** The new value in place of the old one. */
function replaceValue<T>(_current: T, update: T): T {
  return update;
}

/** Results by step id, in the order in which they first came; a later one for a step takes its place. */
export function mergeResults(current: StepResult[], update: StepResult[]): StepResult[] {
  const merged = new Map(current.map((result) => [result.id, result]));
  for (const result of update) {
    merged.set(result.id, result);
  }
  return [...merged.values()];
}

/** Versions by number; one that is there already is replaced. */
function mergeVersions(current: PlanVersion[], update: PlanVersion[]): PlanVersion[] {
  const merged = new Map(current.map((version) => [version.version, version]));
  for (const version of update) {
    merged.set(version.version, version);
  }
  return [...merged.values()];
}

/** The version of the state's shape, kept in every checkpoint. */
export const STATE_VERSION = 1;

/** A channel with a reducer. The description is on both schemas: Studio shows what is read, and what is written. */
function reduced<T>(
  schema: z.ZodType<T, T>,
  initial: () => T,
  description: string,
  reduce: (current: T, update: T) => T,
) {
  const described = schema.describe(description);
  return withLangGraph(described, { reducer: { fn: reduce, schema: described }, default: initial });
}

/** A channel whose update takes the place of what was there. */
function latest<T>(schema: z.ZodType<T, T>, initial: () => T, description: string) {
  return reduced(schema, initial, description, replaceValue<T>);
}

/** The conversation; `z.any()`, since other schemas of messages turn Studio's forms to nothing. */
const messagesSchema = z
  .array(z.any())
  .describe("The conversation: what people asked, the plan as they see it, and the answers.")
  .register(registry, { ...MessagesZodMeta });

const inputSchema = latest(z.string(), () => "", "The goal, in plain words.");

const responseSchema = latest(z.string(), () => "", "The answer, or what was achieved.");
const planSchema = latest(
  z.array(planStepSchema),
  () => [],
  "The whole current plan, finished steps included.",
);
const pastStepsSchema = reduced(
  z.array(stepResultSchema),
  (): StepResult[] => [],
  "What became of each step that ended, by step id.",
  mergeResults,
);
const statusSchema = latest(runStatusSchema, (): RunStatus => "planning", "Where the run stands.");
const outcomeSchema = latest(
  runOutcomeSchema.nullable(),
  () => null,
  "Why the run ended, what failed and what was left; null while it runs.",
);
const runUsageSchema = reduced(
  usageSchema,
  emptyUsage,
  "Model calls, tokens and dollars of this turn.",
  addUsage,
);

/** The graph's state: plain JSON but for the messages, a reducer on every channel. */
export const stateSchema = z.object({
  messages: messagesSchema,
  input: inputSchema,
  turnId: latest(z.string(), () => "", "Id of this turn; a turn begins with each new input."),
  goal: latest(z.string(), () => "", "The goal of this turn, as it was understood."),
  goalMessageId: latest(z.string(), () => "", "Id of the message that began this turn."),
  startedAt: latest(z.string(), () => "", "ISO time at which this turn began."),
  plan: planSchema,
  answerStep: latest(
    z.string(),
    () => "",
    "Id of the step whose output is the answer, or the answer's words with references; empty: neither.",
  ),
  planVersions: reduced(
    z.array(planVersionSchema),
    (): PlanVersion[] => [],
    "Every version of this turn's plan, and why it was made.",
    mergeVersions,
  ),
  planMessageId: latest(z.string(), () => "", "Id of the message that shows the plan."),
  pastSteps: pastStepsSchema,
  requestId: latest(z.string(), () => "", "Id of the request that waits for a person; empty: none."),
  askedAt: latest(z.string(), () => "", "ISO time at which the request was made; empty: none."),
  expiresAt: latest(
    z.string(),
    () => "",
    "ISO time from which the request takes no answer; empty: it never expires.",
  ),
  refusal: latest(z.string(), () => "", "Why the last answer to the request was refused; empty: none was."),
  toNotify: latest(z.boolean(), () => false, "Whether somebody is still to be told that the request waits."),
  waitedMs: latest(z.number(), () => 0, "How long this turn has waited for people; no limit counts it."),
  waiting: latest(z.array(waitingSchema), () => [], "Actions and plans that wait for a person."),
  suspended: latest(z.array(suspendedStepSchema), () => [], "What the steps that wait have done so far."),
  standingRules: latest(
    standingRulesSchema,
    (): StandingRules => NO_STANDING_RULES,
    "The rules of approval that hold for this turn: a later run can only add to them.",
  ),
  decisions: latest(z.array(decisionSchema), () => [], "What was decided in this turn, by whom and when."),
  feedback: latest(z.string(), () => "", "A person's words on a plan that was rejected."),
  remark: latest(z.string(), () => "", "A person's words between steps, for the replanner."),
  steering: latest(
    z.array(steeringSchema),
    (): Steering[] => [],
    "What people changed between steps. Write one here to steer: message, skip, retry or plan.",
  ),
  moreToRun: latest(
    z.boolean(),
    () => false,
    "Whether steps can run that the last superstep did not get to.",
  ),
  replanAsked: latest(z.boolean(), () => false, "Whether the policy wants the replanner asked now."),
  limitReached: latest(z.string(), () => "", "The limit that ends the run, as a sentence; empty: none."),
  response: responseSchema,
  status: statusSchema,
  outcome: outcomeSchema,
  failure: latest(
    failureSchema.nullable(),
    () => null,
    "Where a model's failure stopped the turn; a null input goes on from there.",
  ),
  replans: latest(z.number().int(), () => 0, "How often the plan was changed in this turn."),
  rejections: latest(z.number().int(), () => 0, "How often a person rejected a plan in this turn."),
  droppedCalls: latest(
    z.number().int(),
    () => 0,
    "Calls that began while a plan was written, and that no step took on: limits.maxSteps counts them.",
  ),
  usage: runUsageSchema,
  schemaVersion: latest(z.number().int(), () => STATE_VERSION, "Version of this state's shape."),
});

/** The state's schema as the graph is given it. */
export const graphStateSchema = withSparseClones(stateSchema.clone());

/** What a run takes: a goal in words, or messages of which the last is the goal. */
export const inputStateSchema = z.object({
  input: z.string().optional().describe("The goal, in plain words."),
  messages: z
    .array(z.any())
    .optional()
    .describe("Or the conversation, of which the last message is the goal.")
    .register(registry, { ...MessagesZodMeta, default: undefined }),
});

/** What a run gives. */
export const outputStateSchema = z.object({
  messages: messagesSchema,
  plan: planSchema,
  pastSteps: pastStepsSchema,
  response: responseSchema,
  status: statusSchema,
  outcome: outcomeSchema,
  usage: runUsageSchema,
});

/** The state as the nodes see it. */
export interface AgentState {
  readonly messages: BaseMessage[];
  readonly input: string;
  readonly turnId: string;
  readonly goal: string;
  readonly goalMessageId: string;
  readonly startedAt: string;
  readonly plan: PlanStep[];
  readonly answerStep: string;
  readonly planVersions: PlanVersion[];
  readonly planMessageId: string;
  readonly pastSteps: StepResult[];
  readonly requestId: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly refusal: string;
  readonly toNotify: boolean;
  readonly waitedMs: number;
  readonly waiting: Waiting[];
  readonly suspended: SuspendedStep[];
  readonly standingRules: StandingRules;
  readonly decisions: Decision[];
  readonly feedback: string;
  readonly remark: string;
  readonly steering: Steering[];
  readonly moreToRun: boolean;
  readonly replanAsked: boolean;
  readonly limitReached: string;
  readonly response: string;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
  readonly failure: Failure | null;
  readonly replans: number;
  readonly rejections: number;
  readonly droppedCalls: number;
  readonly usage: Usage;
  readonly schemaVersion: number;
}

/** New values for some of the channels; what a reduced channel gets is added to it. */
export type StateChange = Partial<AgentState>;

/** What a node returns: new values for some of the channels; `Overwrite` sets a reduced one anew. */
export type StateUpdate = {
  -readonly [Key in keyof AgentState]?: AgentState[Key] | Overwrite<AgentState[Key]>;
};
