// What happens in a run, event by event. Every other form of an event is made from these schemas: the types, the
// documents of the audit log, and the JSON Schema that other programs can ask for. An entry may gain fields, and there
// may be new entries; a field that changes its meaning raises `EVENT_SCHEMA_VERSION`.
import { z } from "zod";
import type { JsonValue } from "../base/index.js";
import { planAuthorSchema, planStepSchema, stepErrorSchema, stepStatusSchema } from "../plan/index.js";
import { callUsageSchema, spendingSchema, usageCountSchema, usageRoleSchema } from "../usage/index.js";
import { RECOVERY_EVENTS } from "./recovery-events.js";

const json: z.ZodType<JsonValue, JsonValue> = z.json();
const args = z.record(z.string(), json);
const steps = z.array(planStepSchema).readonly();
const ids = z.array(z.string()).readonly();
const milliseconds = z.number().min(0);
const attempt = z.int().min(0);

const stepId = z.string().describe("The step, or the item of a for-each step: id[0].");
const call = z.string().describe("The id of the event that told of the call.");
const decided = z.looseObject({
  actionId: z.string(),
  decision: z.enum(["approve", "edit", "reject", "respond"]),
  stepId: stepId.optional(),
  message: z.string().optional().describe("What the person said."),
  shown: z.object({ tool: z.string(), args }).optional().describe("The call that was shown."),
  tool: z.string().optional().describe("The tool to call instead, if the call was edited."),
  args: args.optional().describe("The arguments to call with, if the call was edited."),
  response: json.optional().describe("The person's answer, if a tool asked."),
  steps: steps.optional().describe("The steps to do instead, if a plan was edited."),
});
const steered = z.looseObject({
  type: z.string(),
  stepId: z.string().optional(),
  by: z.string().optional(),
  saidBy: z.string().optional().describe("Who the change claims to be from, if that was not authenticated."),
});

/** The schemas of all events, without their stamps, in the order in which a run tells them. */
const RUN_EVENTS = [
  z.object({ type: z.literal("agent.started"), goal: z.string() }),
  z.object({
    type: z.literal("model.called"),
    role: usageRoleSchema,
    stepId: stepId.optional(),
    model: z.string(),
  }),
  z.object({
    type: z.literal("model.returned"),
    call,
    role: usageRoleSchema,
    stepId: stepId.optional(),
    model: z.string(),
    durationMs: milliseconds,
    usage: callUsageSchema,
    error: z.string().optional().describe("Why the call failed. Left out: it did not."),
  }),
  z.object({
    type: z.literal("plan.generated"),
    version: z.int(),
    reason: z.string().describe("Why this plan was made, in words."),
    by: planAuthorSchema,
    steps: steps.describe("The steps of the plan; of a replan, the new remainder."),
    answer: z.string().optional(),
    before: steps.optional().describe("The whole plan until now. Left out: the first plan."),
    after: steps
      .optional()
      .describe("The whole plan from now on, finished steps included, if there was one."),
  }),
  z.object({ type: z.literal("plan.invalid"), attempt, issues: ids }),
  z.object({
    type: z.literal("step.started"),
    stepId,
    description: z.string(),
    kind: z.enum(["direct", "call", "agent"]).optional(),
    tool: z.string().optional(),
    worker: z.string().optional().describe("The worker that does the step."),
    dependsOn: ids.optional().describe("The steps that it came after and whose results it sees."),
    attempt,
  }),
  z.object({
    type: z.literal("step.retried"),
    stepId,
    attempt,
    delayMs: milliseconds,
    error: z.string(),
  }),
  z.object({ type: z.literal("step.token"), stepId, token: z.string() }),
  z
    .object({
      type: z.literal("tool.called"),
      stepId,
      tool: z.string(),
      args,
      attempt,
      idempotencyKey: z.string().describe("The key that the tool gets: it knows a repeated call by it."),
      early: z.literal(true).optional().describe("The call began while the plan was still being written."),
      readOnly: z.literal(true).optional().describe("The tool says, or the options say, that it only reads."),
      undoes: z.string().optional().describe("The key of the call that is undone. Left out: nothing is."),
    })
    .describe("A tool is about to be called."),
  z
    .object({
      type: z.literal("tool.returned"),
      call,
      stepId,
      tool: z.string(),
      attempt,
      status: z
        .enum(["done", "failed", "asks"])
        .describe("asks: it asks a person, and is called again then."),
      durationMs: milliseconds,
      output: json.optional(),
      error: stepErrorSchema.optional(),
    })
    .describe("A tool came back."),
  z
    .object({
      type: z.literal("tool.progress"),
      stepId,
      tool: z.string(),
      progress: z.number(),
      total: z.number().optional().describe("How much there is to do, if that is known."),
      message: z.string().optional(),
    })
    .describe("A tool that is running says how far it is."),
  z
    .object({
      type: z.literal("tool.left-behind"),
      call: call.optional(),
      stepId,
      tool: z.string(),
      idempotencyKey: z
        .string()
        .describe("The key under which to look for what the tool may have left half done."),
      reason: z.string(),
    })
    .describe("A tool was at work when its time was up or the run was cancelled. Nobody waits for it."),
  z
    .object({
      type: z.literal("worker.event"),
      stepId,
      worker: z.string(),
      event: json.describe(
        "What the worker wrote to its stream: an event of ours, if it is one of our agents, and else what its nodes " +
          "and tools write.",
      ),
    })
    .describe("A worker that is running tells something."),
  z.object({
    type: z.literal("step.ended"),
    stepId,
    status: stepStatusSchema,
    attempts: attempt,
    durationMs: milliseconds,
    output: json.optional(),
    error: stepErrorSchema.optional(),
    usage: usageCountSchema
      .optional()
      .describe("What its model calls used, items included. Left out: it made none."),
    replayed: z
      .literal(true)
      .optional()
      .describe("The step ended in an earlier segment. This one found the result and did nothing."),
  }),
  z.object({
    type: z.literal("model.retried"),
    role: usageRoleSchema,
    model: z.string().optional(),
    attempt,
    delayMs: milliseconds,
    error: z.string(),
    tooOften: z
      .literal(true)
      .optional()
      .describe("The provider said that it is asked too often (429), or how long to wait."),
  }),
  z.object({
    type: z.literal("model.fallback"),
    role: usageRoleSchema,
    stepId: stepId.optional(),
    from: z.string(),
    to: z.string(),
    error: z.string(),
  }),
  z.object({
    type: z.literal("replanning"),
    reason: z.string().describe("The causes in words."),
    causes: z.array(z.enum(["trouble", "feedback", "remark", "missing", "check"])).readonly(),
    steps: ids,
  }),
  z.object({
    type: z.literal("approval.asked"),
    requestId: z.string(),
    actions: z
      .array(z.object({ actionId: z.string(), name: z.string(), stepId: stepId.optional() }))
      .readonly(),
    expiresAt: z.string().optional().describe("From when the request accepts no answer."),
  }),
  z.object({
    type: z.literal("approval.decided"),
    requestId: z.string(),
    by: z.string().optional().describe("Who decided, if known."),
    waitedMs: milliseconds.optional().describe("How long the request had waited."),
    decisions: z.array(decided).readonly(),
  }),
  z
    .object({ type: z.literal("approval.refused"), requestId: z.string(), reason: z.string() })
    .describe("An answer could not be taken. The request stays open."),
  z.object({ type: z.literal("approval.expired"), requestId: z.string() }),
  z.object({ type: z.literal("approval.notified"), requestId: z.string(), attempts: attempt }),
  z.object({
    type: z.literal("approval.notify-failed"),
    requestId: z.string(),
    attempts: attempt,
    error: z
      .string()
      .describe(
        "The error's name, status and code, but never its message, which may contain the webhook's address.",
      ),
  }),
  z
    .object({
      type: z.literal("answer.token"),
      messageId: z
        .string()
        .optional()
        .describe("The answer that the piece belongs to. Another id: it is written anew."),
      token: z.string(),
    })
    .describe("A piece of the answer. If a plan follows, what was written so far is no answer."),
  ...RECOVERY_EVENTS,
  z.object({ type: z.literal("agent.steered"), changes: z.array(steered).readonly() }),
  z.object({ type: z.literal("journal.failed"), message: z.string() }),
  z.object({ type: z.literal("limit.reached"), limit: z.string(), message: z.string() }),
  z
    .object({ type: z.literal("policy.failed"), policy: z.string(), error: z.string() })
    .describe("A function from the options threw. The run went on in the safe way."),
  z
    .object({ type: z.literal("agent.resumed"), node: z.string(), steps: ids })
    .describe(
      "A run that a model's failure had stopped goes on, with the steps that had failed because of it.",
    ),
  z.object({
    type: z.literal("agent.completed"),
    status: z.string(),
    response: z.string(),
    usage: spendingSchema.optional().describe("What the turn has used."),
  }),
  z.object({
    type: z.literal("agent.failed"),
    reason: z.string(),
    usage: spendingSchema.optional().describe("What the turn has used."),
  }),
  z.object({
    type: z.literal("agent.cancelled"),
    inFlight: ids.describe("The steps that were running; none if the planner or the replanner was."),
  }),
  z
    .object({
      type: z.literal("sink.failed"),
      sink: z.string(),
      lost: z.int().min(1).describe("How many events it did not take since this was last told."),
      error: z.string().optional().describe("What its last failure was. Left out: it was too slow."),
    })
    .describe("A sink did not take every event. Told when a run ends."),
] as const;

/** The schema of an event before it is stamped. */
export const runEventSchema = z.discriminatedUnion("type", RUN_EVENTS);

/** An event of a run, before it is stamped. */
export type RunEvent = z.infer<typeof runEventSchema>;

/** The version of the events' form. */
export const EVENT_SCHEMA_VERSION = 1;

const eventStampSchema = z.object({
  id: z.string().describe("turnId:segment:seq. The same event has the same id wherever it is kept."),
  schemaVersion: z.literal(EVENT_SCHEMA_VERSION),
  at: z.string().describe("ISO time at which it happened."),
  seq: z.int().min(1).describe("The place in the segment: 1, 2, 3 and so on, without gaps."),
  segment: z
    .int()
    .min(1)
    .describe("Which invocation of the turn: 1, and one more for each resume and each change between runs."),
  turnId: z.string().describe('The turn; "" if the run failed before it had one.'),
  threadId: z.string().optional(),
  runId: z.string().describe("The server's id of the run, or one of this invocation's own."),
  userId: z.string().optional().describe("The user that the run works for, if a server authenticated them."),
});

/** Where and when an event happened. */
export type EventStamp = z.infer<typeof eventStampSchema>;

/** The schema of an event as listeners, sinks and the custom stream get it. */
export const agentEventSchema = runEventSchema.and(eventStampSchema);

/** An event as listeners, sinks and the custom stream get it. */
export type AgentEvent = RunEvent & EventStamp;
