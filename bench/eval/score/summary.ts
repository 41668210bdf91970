import { z } from "zod";
import type { Transcript } from "../run/transcript.js";
import { type Estimate, meanOf, shareOf } from "./intervals.js";

const taskResultSchema = z.object({
  suite: z.string(),
  task: z.string(),
  split: z.enum(["open", "held"]).optional(),
  agent: z.string(),
  isRight: z.boolean(),
  raw: z.string().optional(),
  status: z.string(),
  answer: z.string(),
  faults: z.array(z.string()).readonly(),
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable(),
  seconds: z.number(),
  repairs: z.number(),
  replans: z.number(),
});

/** What one run of a task came to, without its transcript. */
export type TaskResult = z.infer<typeof taskResultSchema>;

/** The schema of a file of results. */
export const resultsSchema = z.object({
  /** What stands in tables beside the agent's name, such as "before". */
  label: z.string(),
  results: z.array(taskResultSchema).readonly(),
});

/** The results of a run, as a file in bench/results keeps them. */
export type Results = z.infer<typeof resultsSchema>;

/** A row of the table: one agent on one suite. */
export interface Row {
  readonly suite: string;
  readonly agent: string;
  readonly tasks: number;
  readonly right: number;
  readonly share: Estimate;
  /** Answers that are none for a person: raw calls, plans, pieces of prompts, nothing at all. */
  readonly raw: number;
  /** Not right, but "done" all the same. */
  readonly silent: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tokensPerTask: Estimate;
  /** Null if the price of a model is not known. */
  readonly costUsd: number | null;
  readonly seconds: number;
  readonly secondsPerTask: Estimate;
  readonly repairs: number;
  readonly replans: number;
}

export function toResult({ calls, question: _, ...transcript }: Transcript): TaskResult {
  const [inputTokens, outputTokens] = [sumOf(calls, "inputTokens"), sumOf(calls, "outputTokens")];
  return { ...transcript, calls: calls.length, inputTokens, outputTokens };
}

/** Sums up results by suite and agent, in the order in which they come. A suite that is split has a row for each half. */
export function summarize(results: readonly TaskResult[]): readonly Row[] {
  const groups = new Map<string, TaskResult[]>();
  for (const result of results) {
    const suite = result.split === undefined ? result.suite : `${result.suite}, ${result.split}`;
    const name = JSON.stringify([suite, result.agent]);
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return [...groups.values()].map(toRow);
}

function toRow(results: readonly TaskResult[]): Row {
  const { suite = "", agent = "", split } = results[0] ?? {};
  const right = results.filter(({ isRight }) => isRight).length;
  const costs = results.map(({ costUsd }) => costUsd);
  return {
    suite: split === undefined ? suite : `${suite}, ${split}`,
    agent,
    tasks: results.length,
    right,
    share: shareOf(right, results.length),
    raw: results.filter(({ raw }) => raw !== undefined).length,
    silent: results.filter(({ isRight, status }) => !isRight && status === "done").length,
    calls: sumOf(results, "calls"),
    inputTokens: sumOf(results, "inputTokens"),
    outputTokens: sumOf(results, "outputTokens"),
    tokensPerTask: meanOf(results.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens)),
    costUsd: costs.reduce<number | null>(
      (sum, cost) => (sum === null || cost === null ? null : sum + cost),
      0,
    ),
    seconds: sumOf(results, "seconds"),
    secondsPerTask: meanOf(results.map(({ seconds }) => seconds)),
    repairs: sumOf(results, "repairs"),
    replans: sumOf(results, "replans"),
  };
}

function sumOf<Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return items.reduce((sum, item) => sum + item[key], 0);
}
