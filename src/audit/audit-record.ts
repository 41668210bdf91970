// One turn as one document, for whoever has to answer for it: what was asked, planned, done, decided and paid.
import { z } from "zod";
import type { AgentEvent } from "../events/index.js";
import { planAuthorSchema, planStepSchema } from "../plan/index.js";
import { addUsage, emptyUsage, type Usage, usageOf, usageSchema } from "../usage/index.js";
import { AuditError } from "./audit-error.js";
import { stepRecordSchema, stepsOf } from "./step-records.js";

const when = z.string().describe("ISO time.");

/** The schema of a turn as one document. */
export const auditRecordSchema = z.object({
  schemaVersion: z.literal(1),
  session: z.object({
    threadId: z.string().nullable(),
    turnId: z.string(),
    userId: z.string().nullable(),
    runIds: z.array(z.string()).describe("The runs of the turn, one for each segment."),
  }),
  time: z.object({
    startedAt: when,
    endedAt: when.describe("The time of the last event."),
    durationMs: z.number(),
    waitedMs: z.number().describe("How much of it the turn waited for people."),
  }),
  phase: z
    .enum(["planning", "executing", "waiting", "done", "incomplete", "failed", "refused", "cancelled"])
    .describe("How it ended, or where it stood when the last event came."),
  input: z.string(),
  plan: z
    .object({
      version: z.int(),
      by: planAuthorSchema,
      reason: z.string(),
      steps: z.array(planStepSchema).describe("The whole plan as it came to be."),
    })
    .nullable(),
  steps: z.array(stepRecordSchema),
  replans: z.array(
    z.object({
      at: when,
      version: z.int(),
      by: planAuthorSchema,
      reason: z.string(),
      before: z.array(planStepSchema),
      after: z.array(planStepSchema),
    }),
  ),
  decisions: z.array(
    z.looseObject({
      at: when,
      by: z.string().nullable().describe("Who decided; null: not known."),
      requestId: z.string(),
      actionId: z.string(),
      decision: z.string(),
    }),
  ),
  answer: z.string().nullable(),
  problems: z.array(z.object({ at: when, type: z.string(), message: z.string() })),
  cost: usageSchema.describe("What the turn used: in all, by role, by model and by step."),
});

/** A turn as one document. */
export type AuditRecord = z.infer<typeof auditRecordSchema>;

type EventOf<Type extends AgentEvent["type"]> = Extract<AgentEvent, { type: Type }>;

/**
 * Makes one document of the events of a turn: the one named, or else the last. Events of other turns may be among them.
 * Throws an `AuditError` if there are none of the turn.
 */
export function toAuditRecord(events: readonly AgentEvent[], turnId = lastTurn(events)): AuditRecord {
  const own = events
    .filter((event) => event.turnId === turnId)
    .toSorted((one, other) => one.segment - other.segment || one.seq - other.seq);
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) {
    const message = `There are no events of turn ${JSON.stringify(turnId)}. Give those of a whole turn.`;
    throw new AuditError("NO_EVENTS", message);
  }
  const of = <Type extends AgentEvent["type"]>(type: Type) =>
    own.filter((event): event is EventOf<Type> => event.type === type);
  const plans = of("plan.generated");
  const plan = plans.at(-1);
  const decided = of("approval.decided");
  return {
    schemaVersion: 1,
    session: {
      threadId: first.threadId ?? null,
      turnId: first.turnId,
      userId: first.userId ?? null,
      runIds: [...new Set(own.map(({ runId }) => runId))],
    },
    time: {
      startedAt: first.at,
      endedAt: last.at,
      durationMs: Date.parse(last.at) - Date.parse(first.at),
      waitedMs: decided.reduce((sum, { waitedMs = 0 }) => sum + waitedMs, 0),
    },
    phase: phaseOf(own),
    input: of("agent.started")[0]?.goal ?? "",
    plan: plan === undefined ? null : { ...pick(plan), steps: [...(plan.after ?? plan.steps)] },
    steps: stepsOf(own),
    replans: plans.flatMap((one) =>
      one.before === undefined || one.after === undefined
        ? []
        : [{ at: one.at, ...pick(one), before: [...one.before], after: [...one.after] }],
    ),
    decisions: decided.flatMap(({ at, by, requestId, decisions }) =>
      decisions.map((decision) => ({ at, by: by ?? null, requestId, ...decision })),
    ),
    answer: of("agent.completed").at(-1)?.response ?? null,
    problems: own.flatMap((event) => toProblem(event) ?? []),
    cost: usageIn(own),
  };
}

function lastTurn(events: readonly AgentEvent[]): string {
  return events.findLast(({ turnId }) => turnId !== "")?.turnId ?? "";
}

function pick({ version, by, reason }: EventOf<"plan.generated">) {
  return { version, by, reason };
}

/** Where a turn stands after its last event. */
function phaseOf(events: readonly AgentEvent[]): AuditRecord["phase"] {
  let phase: AuditRecord["phase"] = "planning";
  for (const event of events) {
    phase = phaseAfter(event) ?? phase;
  }
  return phase;
}

function phaseAfter(event: AgentEvent): AuditRecord["phase"] | undefined {
  switch (event.type) {
    case "plan.generated":
    case "step.started":
    case "approval.decided":
      return "executing";
    case "approval.asked":
      return "waiting";
    case "agent.completed":
      return event.status === "incomplete" || event.status === "refused" ? event.status : "done";
    case "agent.failed":
      return "failed";
    case "agent.cancelled":
      return "cancelled";
    default:
      return undefined;
  }
}

/** Adds up what the model calls used. Each call is told once, so each counts once. */
function usageIn(events: readonly AgentEvent[]): Usage {
  return events.reduce((sum, event) => {
    if (event.type !== "model.returned") {
      return sum;
    }
    const { role, stepId, model, error, usage } = event;
    return addUsage(sum, usageOf({ role, stepId, model, failed: error !== undefined }, usage));
  }, emptyUsage());
}

function toProblem(event: AgentEvent): AuditRecord["problems"][number] | undefined {
  const { at, type } = event;
  switch (event.type) {
    case "limit.reached":
    case "journal.failed":
      return { at, type, message: event.message };
    case "policy.failed":
    case "model.retried":
    case "model.fallback":
    case "approval.notify-failed":
      return { at, type, message: event.error };
    case "agent.failed":
    case "approval.refused":
    case "tool.left-behind":
      return { at, type, message: event.reason };
    case "plan.invalid":
      return { at, type, message: event.issues.join(" ") };
    case "sink.failed":
      return { at, type, message: `${event.sink} lost ${event.lost} events` };
    default:
      return undefined;
  }
}
