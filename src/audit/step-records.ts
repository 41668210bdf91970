import { z } from "zod";
import type { JsonValue } from "../base/index.js";
import type { AgentEvent } from "../events/index.js";
import { type PlanStep, stepErrorSchema, stepStatusSchema } from "../plan/index.js";
import { usageCountSchema } from "../usage/index.js";

const json: z.ZodType<JsonValue, JsonValue> = z.json();
const args = z.record(z.string(), json);
const when = z.string().describe("ISO time.");

const callRecordSchema = z.object({
  at: when,
  tool: z.string(),
  args,
  attempt: z.int(),
  status: z
    .enum(["done", "failed", "asks", "left-behind"])
    .nullable()
    .describe("null: nobody knows; see the segment's end."),
  durationMs: z.number().nullable(),
  error: z.string().nullable(),
});

/** The schema of a step's record. */
export const stepRecordSchema = z.object({
  id: z.string(),
  description: z.string(),
  tool: z.string().nullable(),
  status: stepStatusSchema
    .or(z.enum(["open", "running"]))
    .describe("open: it never began. running: it did not end."),
  startedAt: when.nullable(),
  endedAt: when.nullable(),
  durationMs: z.number().nullable(),
  attempts: z.int(),
  result: json.describe("What it gave; null: nothing."),
  error: stepErrorSchema.nullable(),
  retries: z.array(z.object({ at: when, attempt: z.int(), error: z.string() })),
  calls: z.array(callRecordSchema),
  usage: usageCountSchema.nullable().describe("What its model calls used; null: it made none."),
});

/** A step and what came of it. */
type StepRecord = z.infer<typeof stepRecordSchema>;
type Call = z.infer<typeof callRecordSchema>;

/** Makes a record of each step of a turn and of each item, in the order in which they were planned or began. */
export function stepsOf(events: readonly AgentEvent[]): StepRecord[] {
  const steps = new Map<string, StepRecord>();
  const calls = new Map<string, Call>();

  function change(id: string, changes: Partial<StepRecord>): void {
    steps.set(id, { ...(steps.get(id) ?? emptyRecord(id)), ...changes });
  }

  for (const event of events) {
    switch (event.type) {
      case "plan.generated":
        for (const step of event.steps) {
          // A new step replaces a failed one of the same id.
          steps.set(step.id, { ...planned(step), calls: steps.get(step.id)?.calls ?? [] });
        }
        break;
      case "step.started": {
        const { stepId, description, tool, attempt, at } = event;
        const { startedAt } = steps.get(stepId) ?? emptyRecord(stepId);
        change(stepId, {
          description,
          tool: tool ?? null,
          status: "running",
          attempts: attempt,
          startedAt: startedAt ?? at,
        });
        break;
      }
      case "step.retried": {
        const { at, attempt, error, stepId } = event;
        const { retries } = steps.get(stepId) ?? emptyRecord(stepId);
        change(stepId, { retries: [...retries, { at, attempt, error }] });
        break;
      }
      case "step.ended": {
        const { stepId, status, attempts, durationMs, output = null, error = null, usage = null, at } = event;
        // Where the result was only found again, the step's own end is told already, unless a kill came before it.
        const isTold = event.replayed && steps.get(stepId)?.endedAt !== null;
        if (!isTold) {
          change(stepId, { status, attempts, durationMs, result: output, error, usage, endedAt: at });
        }
        break;
      }
      case "tool.called": {
        const { id, stepId, tool, args, attempt, at } = event;
        const call: Call = { at, tool, args, attempt, status: null, durationMs: null, error: null };
        calls.set(id, call);
        change(stepId, { calls: [...(steps.get(stepId)?.calls ?? []), call] });
        break;
      }
      case "tool.returned":
        Object.assign(calls.get(event.call) ?? {}, {
          status: event.status,
          durationMs: event.durationMs,
          error: event.error?.message ?? null,
        });
        break;
      case "tool.left-behind":
        Object.assign(calls.get(event.call ?? "") ?? {}, { status: "left-behind", error: event.reason });
        break;
      default:
        break;
    }
  }
  return [...steps.values()];
}

function planned({ id, description, tool }: PlanStep): StepRecord {
  return { ...emptyRecord(id), description, tool: tool ?? null };
}

function emptyRecord(id: string): StepRecord {
  return {
    id,
    description: "",
    tool: null,
    status: "open",
    startedAt: null,
    endedAt: null,
    durationMs: null,
    attempts: 0,
    result: null,
    error: null,
    retries: [],
    calls: [],
    usage: null,
  };
}
