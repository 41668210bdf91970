import { type BaseCheckpointSaver, Overwrite } from "@langchain/langgraph";
import { z } from "zod";

const resultSchema = z.object({
  id: z.string(),
  status: z.string(),
  error: z.object({ code: z.string() }).optional(),
});
const outcomeSchema = z.object({
  stepId: z.string(),
  kind: z.enum(["ended", "waiting"]),
  result: z.object({ status: z.string(), error: z.object({ code: z.string() }).optional() }).optional(),
  usage: z.object({ calls: z.number() }).optional(),
});
const channels = {
  planVersions: z.array(z.unknown()),
  pastSteps: z.array(resultSchema),
  suspended: z.array(z.object({ stepId: z.string() })),
  decisions: z.array(z.unknown()),
  replans: z.number(),
  outcome: z.unknown(),
  usage: z.object({ calls: z.number() }),
};
/**
 * Writes to some of the channels. A schema with defaults would not do, because `partial` would also return what was
 * not written.
 */
const writtenSchema = z.object(channels).partial();
const committedSchema = z.object({
  planVersions: channels.planVersions.default([]),
  pastSteps: channels.pastSteps.default([]),
  suspended: channels.suspended.default([]),
  decisions: channels.decisions.default([]),
  replans: channels.replans.default(0),
  outcome: channels.outcome.optional(),
  usage: channels.usage.default({ calls: 0 }),
});

/** What a store holds of a run between two processes. The next process must neither repeat it nor lose it. */
export interface Kept {
  /** Steps that have ended, except those that never ran because an earlier step failed. */
  readonly steps: readonly string[];
  /** Those of them that succeeded. */
  readonly rightSteps: readonly string[];
  /** Matches the names of model calls whose answers are kept, directly or in what they decided. */
  readonly answeredCalls: RegExp;
  readonly decisions: number;
  readonly replans: number;
  /** Model calls that are accounted for. */
  readonly usedCalls: number;
}

/**
 * What is kept if the only promise is that these steps do not run again: on another branch, only they count. If an
 * agent step's action waits for a person, the step is journaled when it has ended, under the decision. Until the
 * person is asked again, its first model call is repeated.
 */
export function keptOfBranch(rightSteps: readonly string[]): Kept {
  return {
    steps: rightSteps,
    rightSteps,
    answeredCalls: toPattern(rightSteps.flatMap(callsOf).filter((name) => name !== "agent:announce#\\d+")),
    decisions: 0,
    replans: 0,
    usedCalls: 0,
  };
}

/** Reads what is kept of a thread: the state, and what is stored of the uncommitted superstep. */
export async function readKept(store: BaseCheckpointSaver, thread: string, namespace: string): Promise<Kept> {
  const tuple = await store.getTuple({ configurable: { thread_id: thread, checkpoint_ns: namespace } });
  const committed = committedSchema.parse(tuple?.checkpoint.channel_values ?? {});
  const pending = (tuple?.pendingWrites ?? []).map(([, channel, value]) => ({ channel, value }));
  const outcomes = pending.flatMap(({ value }) => outcomeSchema.safeParse(value).data ?? []);
  const written = writtenSchema.parse(
    Object.fromEntries(pending.map(({ channel, value }) => [channel, withoutOverwrite(value)])),
  );
  const ended = [
    ...committed.pastSteps,
    ...outcomes.flatMap(({ kind, stepId, result }) =>
      kind === "ended" && result !== undefined ? [{ ...result, id: stepId }] : [],
    ),
    ...(written.pastSteps ?? []),
  ].filter(hasRun);
  const steps = [...new Set(ended.map(({ id }) => id))];
  const right = ended.filter(({ status }) => status === "done").map(({ id }) => id);
  const suspended = [
    ...[...committed.suspended, ...(written.suspended ?? [])].map(({ stepId }) => stepId),
    ...outcomes.filter(({ kind }) => kind === "waiting").map(({ stepId }) => stepId),
  ];
  const replans = written.replans ?? committed.replans;
  const answered = [
    ...(committed.planVersions.length + (written.planVersions ?? []).length > 0 ? ["planner"] : []),
    ...steps.flatMap(callsOf),
    ...suspended.map((id) => `agent:${id}#0`),
    ...(replans > 0 ? ["replanner"] : []),
    ...((written.outcome ?? committed.outcome ?? null) === null ? [] : ["answer"]),
  ];
  const usedByOutcomes = outcomes.reduce((sum, { usage }) => sum + (usage?.calls ?? 0), 0);
  return {
    steps,
    rightSteps: [...new Set(right)],
    answeredCalls: toPattern(answered),
    decisions: (written.decisions ?? committed.decisions).length,
    replans,
    usedCalls: committed.usage.calls + (written.usage?.calls ?? usedByOutcomes),
  };
}

function callsOf(stepId: string): string[] {
  return [`call:${stepId}`, `agent:${stepId}#\\d+`];
}

function toPattern(names: readonly string[]): RegExp {
  return new RegExp(`^(${names.join("|")})$`);
}

function hasRun({ error }: z.infer<typeof resultSchema>): boolean {
  return error?.code !== "DEPENDENCY_FAILED";
}

function withoutOverwrite(value: unknown): unknown {
  return Overwrite.isInstance(value) ? Reflect.get(value, "__overwrite__") : value;
}
