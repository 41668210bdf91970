import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { describeError } from "../../../src/base/index.js";
import type { Budget, Prices } from "../../../src/index.js";
import { addUsage, emptyUsage, usageOfCall } from "../../../src/usage/index.js";
import { BudgetSpentError, type EvalAgent } from "../agents/index.js";
import { findRaw } from "../score/raw-answer.js";
import type { EvalTask, Verdict } from "../task.js";
import type { CallLog } from "./call-log.js";
import { OUT_OF_TIME, type Transcript } from "./transcript.js";

/** The models of a run, made once. */
export interface EvalModels {
  readonly model: BaseChatModel;
  readonly small?: BaseChatModel;
}

/** What the runs of all tasks share. */
export interface TaskContext extends EvalModels {
  readonly budget: Budget;
  readonly prices: Prices;
  readonly timeoutMs: number;
  /** Says what is wrong with an answer that no program can compare. */
  judge(question: string, answer: string, gold: string): Promise<readonly string[]>;
}

/** One run of a task. */
export interface Job {
  readonly suite: string;
  readonly task: EvalTask;
  readonly agent: EvalAgent;
}

/** Lets an agent do a task once. Throws a `BudgetSpentError` if the budget ends before the task does. */
export async function runTask(
  { suite, task, agent }: Job,
  log: CallLog,
  context: TaskContext,
): Promise<Transcript> {
  const { model, small, budget, prices, timeoutMs } = context;
  const scene = await task.open();
  try {
    const { question } = task;
    const began = performance.now();
    const signal = AbortSignal.timeout(timeoutMs);
    const assignment = { question, tools: scene.tools, model, small, budget, prices, log, signal, timeoutMs };
    const ending = await agent.run(assignment).catch((error: unknown) => {
      if (error instanceof BudgetSpentError) {
        throw error;
      }
      const status = signal.aborted ? OUT_OF_TIME : "failed";
      return { answer: "", status, repairs: 0, replans: 0, error: describeError(error) };
    });
    const seconds = Math.round(performance.now() - began) / 1_000;
    const raw = findRaw(
      ending.answer,
      scene.tools.map(({ name }) => name),
    );
    const faults = [
      ...("error" in ending ? [ending.error] : []),
      ...(ending.status === "done" ? [] : [`The run ended "${ending.status}".`]),
      ...(raw === undefined ? [] : [`The answer is no answer for a person (${raw}).`]),
      ...(await faultsIn(await scene.check(ending.answer), question, ending.answer, context)),
    ];
    return {
      suite,
      task: task.id,
      ...(task.split === undefined ? {} : { split: task.split }),
      agent: agent.name,
      question,
      answer: ending.answer,
      status: ending.status,
      isRight: faults.length === 0,
      faults,
      ...(raw === undefined ? {} : { raw }),
      repairs: ending.repairs,
      replans: ending.replans,
      seconds,
      costUsd: costOfCalls(log, prices),
      calls: log.calls,
    };
  } finally {
    await scene.close();
  }
}

async function faultsIn(
  verdict: Verdict,
  question: string,
  answer: string,
  { judge }: TaskContext,
): Promise<readonly string[]> {
  return verdict.kind === "exact" ? verdict.faults : judge(question, answer, verdict.gold);
}

function costOfCalls({ calls }: CallLog, prices: Prices): number | null {
  return calls.reduce((sum, { model, inputTokens, outputTokens, cachedInputTokens }) => {
    const tokens = { inputTokens, outputTokens, cachedInputTokens, reasoningTokens: 0 };
    return addUsage(sum, usageOfCall({ role: "executor", model, tokens }, prices));
  }, emptyUsage()).costUsd;
}
