import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Kept } from "./kept.js";
import { type Entry, rightAnswer, rightOutputs, stepOfKey } from "./ragged-plan.js";

/** What was wrong between two processes or at the end, a sentence each. */
export interface Faults {
  readonly lost: string[];
  readonly repeated: string[];
  readonly wrong: string[];
}

/** What one process did, and what was kept before and after it. */
export interface ProcessTrace {
  readonly before: Kept;
  readonly after: Kept;
  /** The steps whose results the store acknowledged. */
  readonly acknowledged: readonly string[];
  /** What it wrote into the journal. */
  readonly entries: readonly Entry[];
  /** The names of the model calls that it made. */
  readonly calls: readonly string[];
  /** What it complained about. */
  readonly complaint: string;
}

/** Judges what one process did with what was kept before it. */
export function checkProcess(trace: ProcessTrace): Faults {
  const { before, after, acknowledged, entries, calls, complaint } = trace;
  const began = entries.filter(({ event }) => event === "began");
  const again = began.filter(({ key }) => before.steps.includes(stepOfKey(key)));
  const twice = began.filter(({ key }, index) => began.findIndex((entry) => entry.key === key) < index);
  const asked = calls.filter((name) => before.answeredCalls.test(name));
  const gone = [...new Set([...before.steps, ...acknowledged])].filter((id) => !after.steps.includes(id));
  const counts = ["decisions", "replans", "usedCalls"] as const;
  const shrunk = counts.filter((count) => after[count] < before[count]);
  return {
    lost: [
      ...gone.map((id) => `step ${id} was kept and is gone`),
      ...shrunk.map((count) => `${count} went from ${before[count]} to ${after[count]}`),
    ],
    repeated: [
      ...again.map(({ key }) => `${key} was called again, though its step was kept as finished`),
      ...twice.map(({ key }) => `${key} was called twice in one process`),
      ...asked.map((name) => `the model was asked for ${name} again, though its answer was kept`),
    ],
    wrong: complaint === "" ? [] : [`the process said: ${complaint}`],
  };
}

/** The state of the agent. Inside another graph, only the agent's output is there. */
const endSchema = z.object({
  turn: z.object({ id: z.string() }).nullish(),
  plan: z.array(z.unknown()),
  planVersions: z.array(z.looseObject({})).optional(),
  pastSteps: z.array(z.looseObject({ id: z.string(), output: z.unknown().optional() })),
  decisions: z.array(z.looseObject({})).optional(),
  messages: z.array(z.unknown()),
  response: z.string(),
  status: z.string(),
  outcome: z.unknown(),
  replans: z.number().optional(),
  rejections: z.number().optional(),
  usage: z.object({ calls: z.number(), cutOff: z.number().default(0) }),
});

/** What must be the same at the end of every run. Times, ids and the order in which steps ended may differ. */
export function toComparable(state: unknown) {
  const end = endSchema.parse(state);
  const timeless = end.pastSteps.map(({ startedAt: _startedAt, endedAt: _endedAt, ...result }) => result);
  const { plan, messages, response, status, outcome, replans, rejections } = end;
  return {
    plan,
    planVersions: end.planVersions?.map(({ at: _at, ...version }) => version),
    pastSteps: timeless.sort((left, right) => left.id.localeCompare(right.id)),
    decisions: end.decisions?.map(
      ({ at: _at, askedAt: _askedAt, requestId: _requestId, actionId, ...decision }) => ({
        ...decision,
        actionId: String(actionId).replace(end.turn?.id ?? "", "turn"),
      }),
    ),
    messages,
    response,
    status,
    outcome,
    replans,
    rejections,
  };
}

/** The expected end of a run, taken from an undisturbed one. */
export interface Expected {
  readonly end: ReturnType<typeof toComparable>;
  readonly usedCalls: number;
}

/**
 * Judges the end of a run and its whole journal. The number of model calls matters only if the run has a single
 * branch.
 */
export function checkEnd(
  state: unknown,
  journal: readonly Entry[],
  requests?: number,
  expected?: Expected,
): Faults {
  const end = toComparable(state);
  const outputs = new Map(end.pastSteps.map(({ id, output }) => [id, output]));
  const right = rightOutputs();
  const missing = Object.keys(right).filter((id) => !outputs.has(id));
  const other = Object.keys(right).filter(
    (id) => outputs.has(id) && !isDeepStrictEqual(outputs.get(id), right[id]),
  );
  const { usage } = endSchema.parse(state);
  return {
    lost: missing.map((id) => `step ${id} has no result`),
    repeated: [],
    wrong: [
      ...other.map((id) => `step ${id} gave ${JSON.stringify(outputs.get(id))}`),
      ...(end.response === rightAnswer(right.z) ? [] : [`the answer is ${end.response}`]),
      ...(expected === undefined ? [] : differences(end, expected.end)),
      ...checkKeys(journal),
      ...(requests !== undefined && requests > usage.calls && usage.cutOff === 0
        ? [`usage says ${usage.calls} model calls and that nothing was cut off, ${requests} were made`]
        : []),
      ...(requests !== undefined && usage.calls > requests
        ? [`usage says ${usage.calls} model calls, ${requests} were made`]
        : []),
      ...(expected !== undefined && usage.calls < expected.usedCalls
        ? [`usage says ${usage.calls} model calls, the run needs ${expected.usedCalls}`]
        : []),
    ],
  };
}

function differences(end: Expected["end"], expected: Expected["end"]): string[] {
  const keys = ["plan", "planVersions", "pastSteps", "decisions", "messages", "status", "outcome"] as const;
  return [...keys, "replans" as const, "rejections" as const]
    .filter((key) => !isDeepStrictEqual(end[key], expected[key]))
    .map((key) => `${key} is ${JSON.stringify(end[key])} and not ${JSON.stringify(expected[key])}`);
}

/** A repeated call has its old key, no other call has that key, and all calls belong to one turn. */
function checkKeys(journal: readonly Entry[]): string[] {
  const count = (values: readonly unknown[]) => new Set(values.map((value) => JSON.stringify(value))).size;
  const keys = count(journal.map(({ key }) => key));
  const calls = count(journal.map(({ tool, args }) => [tool, args]));
  const both = count(journal.map(({ tool, args, key }) => [tool, args, key]));
  const turns = count(journal.map(({ key }) => key.split(":")[0]));
  return [
    ...(calls === keys && both === keys ? [] : [`${calls} calls have ${keys} keys in ${both} pairs`]),
    ...(turns === 1 ? [] : [`the calls are of ${turns} turns`]),
  ];
}
