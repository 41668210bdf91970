import { models } from "./cost-model.js";
import type { GoalResult } from "./goals.js";
import { fastest } from "./goals.js";
import type { Results } from "./run-all.js";
import type { Measured } from "./run-one.js";
import { peersIn, type SummaryRow, type WorkSummary } from "./summary.js";

const NAME = 28;

/** What the times are made of. */
export function describeCosts(scale: number, sideBySide: number): string {
  const lines = Object.entries(models).map(
    ([name, { firstTokenS, tokensPerS, inputUsd, outputUsd }]) =>
      `${name} model: ${firstTokenS} s to the first token, ${tokensPerS} tokens/s, $${inputUsd} and $${outputUsd} a million tokens in and out`,
  );
  return [
    ...lines,
    "Tokens are o200k_base's; messages and tools are counted as OpenAI's cookbook does, calls as name and arguments; repeated input at full price.",
    `A second of the cost model lasts ${scale} s here; ${sideBySide} runs go on at once.`,
  ].join("\n");
}

/** How much of the times is due to this machine. */
export function describeNoise({ busy, lateMs, tookS }: Results, scale: number): string {
  const late = [lateMs.median, lateMs.percentile99].map((ms) => (ms / scale).toFixed(1));
  return `Took ${tookS.toFixed(0)} s. This process used ${(busy * 100).toFixed(0)} % of a core; its timers were late by ${late[0]} ms (median) and ${late[1]} ms (99th percentile) of the cost model's time.`;
}

/** A work as a table. */
export function describeWork(summary: WorkSummary): string {
  const { work, about, boundS, rows } = summary;
  const head = row(
    "",
    "model",
    "seconds",
    "× bound",
    "× best peer",
    "calls",
    "in",
    "repeated",
    "out",
    "$/1,000",
  );
  const best = { large: bestPeer(summary, "large"), small: bestPeer(summary, "small") };
  const lines = rows.map((one) =>
    row(
      one.architecture,
      one.models,
      one.seconds.toFixed(2),
      one.timesBound.toFixed(2),
      (one.seconds / best[one.models].seconds).toFixed(2),
      String(one.calls),
      String(one.inputTokens),
      String(one.repeatedTokens),
      String(one.outputTokens),
      one.usdFor1000.toFixed(2),
    ),
  );
  const bound = `bound: ${boundS.large.toFixed(2)} s on the large model, ${boundS.small.toFixed(2)} s on the small one`;
  return [`${work}: ${about} (${bound})`, head, ...lines].join("\n");
}

function bestPeer(summary: WorkSummary, models: SummaryRow["models"]): SummaryRow {
  return fastest(peersIn(summary).filter((one) => one.models === models));
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(NAME) + cells.map((cell) => cell.padStart(12)).join("");
}

/** How many goals are met, and each one that is not. */
export function describeGoals(goals: readonly GoalResult[]): string {
  const missed = goals.filter(({ isMet }) => !isMet);
  const lines = missed.map(
    ({ work, models: model, goal, value, wanted, against }) =>
      `  ${work}, ${model} model: ${value} ${goal}${against === "bound" ? "" : ` ${against}`}, wanted ${wanted}`,
  );
  return [`${goals.length - missed.length} of ${goals.length} goals are met; missed:`, ...lines].join("\n");
}

/** The prompts of each role of each architecture in one work, with their tokens. */
export function describePrompts(measured: readonly Measured[]): string {
  return measured
    .flatMap(({ architecture, calls }) => {
      const seen = new Set<string>();
      return calls.flatMap(({ purpose, system, human, inputTokens, toolTokens }) => {
        if (seen.has(system)) {
          return [];
        }
        seen.add(system);
        const head = `--- ${architecture}: ${purpose}, ${inputTokens} tokens, ${toolTokens} of them definitions of tools`;
        return [`${head}\n[system]\n${system}\n[human]\n${human}`];
      });
    })
    .join("\n\n");
}
