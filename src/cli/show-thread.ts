import type { PlanExecuteAgent } from "../agent/index.js";
import { countOf } from "../base/index.js";
import type { Usage } from "../usage/index.js";
import { nameAction, readThread, type ThreadState } from "./asking/index.js";
import { type CommandOptions, flagOf, openKeptOptions, type TypedOptions } from "./options/index.js";
import { EXIT_CODES, toResult } from "./report.js";
import { type DependenciesOf, progressFrom, toOneLine, toStepLine, toText } from "./showing/index.js";
import { type Surroundings, UsageError } from "./surroundings.js";
import type { Threads } from "./threads.js";
import { toShellWord, toShellWords, withoutControls, writeJson, writeText } from "./write.js";

const MAX_LINE = 200;

/** Shows a thread, and changes nothing. Returns the exit code. */
export async function showThread(
  threadId: string,
  { json }: Pick<CommandOptions, "json">,
  { threads, agent, stdout }: { threads: Threads; agent: PlanExecuteAgent } & Pick<Surroundings, "stdout">,
): Promise<number> {
  const state = await readThread(agent, threadId);
  if (!state.exists || state.values === undefined) {
    throw new UsageError(`There is no thread ${threadId}. threads lists those that there are.`);
  }
  const { options = {} } = await openKeptOptions(threads, threadId);
  if (json) {
    const result = toResult(state.values, threadId, state.request);
    writeJson(stdout, { ...result, goal: state.values.turn?.goal, options }, 2);
  } else {
    writeText(stdout, withoutControls(describeThread(threadId, state, state.values, options)));
  }
  return EXIT_CODES.done;
}

function describeThread(
  threadId: string,
  state: ThreadState,
  { turn, plan, pastSteps, response, outcome, usage }: NonNullable<ThreadState["values"]>,
  options: TypedOptions,
): string {
  // The thread's graph is not loaded, so only the dependencies that the plan itself names are known.
  const named: DependenciesOf = (steps) => new Map(steps.map(({ id, dependsOn = [] }) => [id, dependsOn]));
  const { steps } = progressFrom(plan, pastSteps, named);
  const waiting = state.request?.actionRequests ?? [];
  const isDone = outcome === null || outcome.status === "done";
  return [
    `Thread ${toShellWord(threadId)}: ${statusOf(state)}, changed ${toMinute(state.changedAt)} UTC`,
    `Goal: ${toOneLine(turn?.goal ?? "", MAX_LINE)}`,
    ...toSection("Started with:", toFlagLines(options)),
    ...toSection(
      "Plan:",
      steps.map((step) => toText(toStepLine(step), false)),
    ),
    ...toSection(
      "Waits for you:",
      waiting.map((action) => `  ${toOneLine(nameAction(action), MAX_LINE)}`),
    ),
    ...(isDone ? [] : [`Why it ended: ${toOneLine(outcome.reason, MAX_LINE)}`]),
    ...toSection("Answer:", response === "" ? [] : [response]),
    `Used: ${describeUsage(usage)}`,
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function toSection(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function toFlagLines(options: TypedOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    [value].flat().map((one) => `  ${toShellWords([flagOf(name), ...(one === true ? [] : [String(one)])])}`),
  );
}

function describeUsage({ calls, inputTokens, outputTokens, costUsd }: Usage): string {
  const tokens = `${countOf(inputTokens, "token")} in, ${countOf(outputTokens, "token")} out`;
  const cost = costUsd === null ? [] : [`$${costUsd.toLocaleString("en-US", { maximumFractionDigits: 4 })}`];
  return calls === 0 ? "no model call" : [countOf(calls, "model call"), tokens, ...cost].join(", ");
}

/** A thread's status. A run that was cut off never wrote that it ended. */
export function statusOf({ values, request, isOpen }: ThreadState): string {
  if (request !== undefined) {
    return "waiting";
  }
  return isOpen ? "unfinished" : (values?.status ?? "unknown");
}

/** A time as people write it: 2026-11-29 22:10. */
export function toMinute(time = ""): string {
  return time.slice(0, 16).replace("T", " ");
}
