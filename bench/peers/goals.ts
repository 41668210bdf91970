import type { Architecture } from "./architectures/index.js";
import { OURS, peersIn, round, rowOf, type SummaryRow, type WorkSummary } from "./summary.js";

/** One goal on one work: what it asks, and what came of it. */
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

/** How much faster than the best peer ours is to be, by the shape of the work. */
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
  const about = { work, models };
  const bound: GoalResult = {
    ...about,
    goal: "seconds over the bound",
    wanted: "≤ 1.08",
    value: round(ours.timesBound, 2),
    isMet: ours.timesBound <= 1.08,
    against: "bound",
  };
  const least = faster[shape];
  const speed =
    least === undefined ? [] : [atLeast("times faster than the best peer", least, fastest(peers))];
  const tutorial = atLeast("times faster than the tutorial", 4, rowOf(summary, TUTORIAL, models));
  return [bound, ...speed, tutorial, ...(shape === "flat" ? [] : [cheaper()])];

  function atLeast(goal: string, wanted: number, { seconds, architecture }: SummaryRow): GoalResult {
    const times = seconds / ours.seconds;
    return {
      ...about,
      goal,
      wanted: `≥ ${wanted}`,
      value: round(times, 2),
      isMet: times >= wanted,
      against: architecture,
    };
  }

  function cheaper(): GoalResult {
    const { usdFor1000, architecture } = cheapest(peers);
    const times = usdFor1000 / ours.usdFor1000;
    const goal = "times cheaper than the cheapest peer";
    return { ...about, goal, wanted: "> 1", value: round(times, 2), isMet: times > 1, against: architecture };
  }
}

/** The row with the fewest seconds. */
export function fastest(rows: readonly SummaryRow[]): SummaryRow {
  return rows.reduce((best, row) => (row.seconds < best.seconds ? row : best));
}

/** The row with the fewest dollars. */
export function cheapest(rows: readonly SummaryRow[]): SummaryRow {
  return rows.reduce((best, row) => (row.usdFor1000 < best.usdFor1000 ? row : best));
}
