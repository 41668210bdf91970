import type { Architecture } from "./architectures/architecture.js";
import { OURS, peersIn, round, rowOf, type SummaryRow, type WorkSummary } from "./summary.js";

/** One goal on one work: what it demands, and the result. */
export interface GoalResult {
  readonly work: string;
  readonly models: Architecture["models"];
  readonly goal: string;
  readonly wanted: string;
  readonly value: number;
  readonly isMet: boolean;
  /** What ours was compared with. */
  readonly against: string;
}

const MODELS = ["large", "small"] as const;
const TUTORIAL = "tutorial";
/**
 * Stronger than the usual form: LLMCompiler with a plan that is carried out while it is written. It is judged by
 * itself.
 */
const STREAMED = "LLMCompiler-like, streamed";

/** How much faster than the best peer ours must be, by the shape of the work. */
const faster: Readonly<Record<WorkSummary["shape"], number | undefined>> = {
  flat: 1,
  "two levels": 1.25,
  chain: 1.7,
  ragged: 1.7,
  other: undefined,
};

/** All goals on all works, each within one model. */
export function judge(works: readonly WorkSummary[]): GoalResult[] {
  return works.flatMap((summary) => MODELS.flatMap((models) => judgeOne(summary, models)));
}

function judgeOne(summary: WorkSummary, models: Architecture["models"]): GoalResult[] {
  const { work, shape } = summary;
  const ours = rowOf(summary, OURS, models);
  const peers = peersIn(summary).filter((row) => row.models === models);
  const usual = peers.filter(({ architecture }) => architecture !== STREAMED);
  const streamed = rowOf(summary, STREAMED, models);
  const about = { work, models };
  const bound: GoalResult = {
    ...about,
    goal: "times the bound",
    wanted: "≤ 1.08",
    value: round(ours.timesBound, 2),
    isMet: round(ours.timesBound, 2) <= 1.08,
    against: "bound",
  };
  const least = faster[shape];
  return [
    bound,
    ...(least === undefined ? [] : [fasterThan(fastest(usual), least), fasterThan(streamed, least)]),
    fasterThan(rowOf(summary, TUTORIAL, models), 4),
    ...(shape === "flat" ? [] : [cheaperThan(cheapest(usual)), cheaperThan(streamed)]),
  ];

  function fasterThan({ seconds, architecture }: SummaryRow, wanted: number): GoalResult {
    const times = round(seconds / ours.seconds, 2);
    const goal = "times faster than";
    return {
      ...about,
      goal,
      wanted: `≥ ${wanted}`,
      value: times,
      isMet: times >= wanted,
      against: architecture,
    };
  }

  function cheaperThan({ usdFor1000, architecture }: SummaryRow): GoalResult {
    const times = round(usdFor1000 / ours.usdFor1000, 2);
    const goal = "times cheaper than";
    return { ...about, goal, wanted: "> 1", value: times, isMet: times > 1, against: architecture };
  }
}

export function fastest(rows: readonly SummaryRow[]): SummaryRow {
  return rows.reduce((best, row) => (row.seconds < best.seconds ? row : best));
}

export function cheapest(rows: readonly SummaryRow[]): SummaryRow {
  return rows.reduce((best, row) => (row.usdFor1000 < best.usdFor1000 ? row : best));
}
