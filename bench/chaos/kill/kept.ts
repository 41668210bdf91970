import { type BaseCheckpointSaver, Overwrite } from "@langchain/langgraph";
import { z } from "zod";
import type { Shape } from "./shapes.js";

const resultSchema = z.object({
  id: z.string(),
  status: z.string(),
  error: z.object({ code: z.string() }).optional(),
});
const outcomeSchema = z.object({
  stepId: z.string(),
  kind: z.enum(["ended", "waiting"]),
  result: z.object({ status: z.string() }).optional(),
  usage: z.object({ calls: z.number() }).optional(),
});
const stateSchema = z.object({
  planVersions: z.array(z.unknown()).default([]),
  pastSteps: z.array(resultSchema).default([]),
  suspended: z.array(z.object({ stepId: z.string() })).default([]),
  decisions: z.array(z.unknown()).default([]),
  replans: z.number().default(0),
  outcome: z.unknown().optional(),
  usage: z.object({ calls: z.number() }).default({ calls: 0 }),
});

/** What a store holds of a run, between two processes: whoever comes next must not do it again, nor lose it. */
export interface Kept {
  /** Steps that have ended; not those that never ran for what was before them. */
  readonly steps: readonly string[];
  /** Those of them whose superstep is not committed. */
  readonly uncommittedSteps: readonly string[];
  /** Model calls that are answered, decided by, or part of what is kept, as a pattern of their names. */
  readonly answeredCalls: RegExp;
  readonly decisions: number;
  readonly replans: number;
  /** Model calls that are accounted for. */
  readonly usedCalls: number;
}

/**
 * What is promised of a superstep that was not committed: all that was stored of it; the steps that came out right,
 * which the journal knows; or nothing.
 */
export type Memory = "all" | "what came out right" | "nothing";

/** What is promised where LangGraph forgets the tasks of a subgraph. */
export function memoryOf(shape: Shape, hasStore: boolean): Memory {
  if (shape === "alone") return "all";
  return hasStore ? "what came out right" : "nothing";
}

/** Reads what is kept of a thread: the state, and what is promised of the superstep that was not committed. */
export async function readKept(
  store: BaseCheckpointSaver,
  thread: string,
  namespace: string,
  memory: Memory,
): Promise<Kept> {
  const tuple = await store.getTuple({ configurable: { thread_id: thread, checkpoint_ns: namespace } });
  const committed = stateSchema.parse(tuple?.checkpoint.channel_values ?? {});
  const pending = (tuple?.pendingWrites ?? []).map(([, channel, value]) => ({ channel, value }));
  const writes = memory === "all" ? pending : [];
  const outcomes = pending
    .flatMap(({ value }) => outcomeSchema.safeParse(value).data ?? [])
    .filter(({ result }) => memory === "all" || (memory !== "nothing" && result?.status === "done"));
  const written = stateSchema
    .partial()
    .parse(Object.fromEntries(writes.map(({ channel, value }) => [channel, withoutOverwrite(value)])));
  const uncommittedSteps = [
    ...outcomes.filter(({ kind }) => kind === "ended").map(({ stepId }) => stepId),
    ...(written.pastSteps ?? []).filter(hasRun).map(({ id }) => id),
  ];
  const steps = [
    ...new Set([...committed.pastSteps.filter(hasRun).map(({ id }) => id), ...uncommittedSteps]),
  ];
  const suspended = [
    ...[...committed.suspended, ...(written.suspended ?? [])].map(({ stepId }) => stepId),
    ...outcomes.filter(({ kind }) => kind === "waiting").map(({ stepId }) => stepId),
  ];
  const replans = written.replans ?? committed.replans;
  const answered = [
    ...(committed.planVersions.length + (written.planVersions ?? []).length > 0 ? ["planner"] : []),
    ...steps.flatMap((id) => [`call:${id}`, `agent:${id}#\\d+`]),
    ...suspended.map((id) => `agent:${id}#0`),
    ...(replans > 0 ? ["replanner:plan"] : []),
    ...((written.outcome ?? committed.outcome ?? null) === null ? [] : ["replanner:answer"]),
  ];
  const usedByOutcomes = outcomes.reduce((sum, { usage }) => sum + (usage?.calls ?? 0), 0);
  return {
    steps,
    uncommittedSteps,
    answeredCalls: new RegExp(`^(${answered.join("|")})$`),
    decisions: (written.decisions ?? committed.decisions).length,
    replans,
    usedCalls: committed.usage.calls + (written.usage?.calls ?? usedByOutcomes),
  };
}

function hasRun({ error }: z.infer<typeof resultSchema>): boolean {
  return error?.code !== "DEPENDENCY_FAILED";
}

function withoutOverwrite(value: unknown): unknown {
  return Overwrite.isInstance(value) ? Reflect.get(value, "__overwrite__") : value;
}
