import { type Budget, createBudget } from "../../../src/index.js";
import { agentsByName, BudgetSpentError } from "../agents/index.js";
import { judgeAnswer } from "../score/judge.js";
import { type TaskResult, toResult } from "../score/summary.js";
import type { EvalTask, Suite } from "../task.js";
import { CallLog } from "./call-log.js";
import { loadModel } from "./load-model.js";
import type { RunFolder } from "./run-folder.js";
import { type Job, runTask, type TaskContext } from "./run-task.js";
import { type EvalSettings, pricesOf } from "./settings.js";
import type { TapeDeck } from "./tape-deck.js";

/** What a run needs besides its settings. None of it changes a result. */
export interface EvalSurroundings {
  readonly suites: readonly Suite[];
  readonly folder: RunFolder;
  readonly deck: TapeDeck;
  readonly maxCostUsd?: number;
  readonly timeoutMs: number;
  readonly atOnce: number;
  /** Gets a line after each task. */
  report(line: string): void;
}

/** What a run came to. */
export interface EvalOutcome {
  readonly results: readonly TaskResult[];
  /** Whether the budget ended before the tasks did. */
  readonly isSpent: boolean;
}

/** Runs the tasks that the settings choose and that are not done yet. */
export async function runEval(settings: EvalSettings, surroundings: EvalSurroundings): Promise<EvalOutcome> {
  const { folder, deck, atOnce, report } = surroundings;
  const jobs = chooseJobs(settings, surroundings.suites);
  const left = jobs.filter((job) => deck.wants(keyOf(job), folder));
  report(`${left.length} runs of tasks are to be made, of ${jobs.length}.`);
  const context = await createContext(settings, surroundings);
  const queue = left.values();
  let isSpent = false;
  await Promise.all(Array.from({ length: atOnce }, work));
  return { results: jobs.flatMap((job) => folder.read(keyOf(job)) ?? []).map(toResult), isSpent };

  /** Works off the queue. Others may work beside it. */
  async function work(): Promise<void> {
    for (const job of queue) {
      if (isSpent) {
        return;
      }
      const log = new CallLog();
      const key = keyOf(job);
      try {
        const transcript = await deck.play(key, log, () => runTask(job, log, context));
        folder.save(transcript);
        const { isRight, faults, seconds } = transcript;
        report(
          `${key.suite}/${key.task} ${key.agent}: ${isRight ? "right" : `wrong (${faults[0]})`}, ${seconds} s`,
        );
      } catch (error) {
        if (!(error instanceof BudgetSpentError)) {
          throw error;
        }
        isSpent = true;
        report(`${key.suite}/${key.task} ${key.agent}: the budget is spent. ${error.message}`);
      }
    }
  }
}

function chooseJobs(
  { agents, options, split, sample, suites: names }: EvalSettings,
  suites: readonly Suite[],
): readonly Job[] {
  const created = agents.map((name) => agentsByName[name](options));
  return suites
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, tasks }) =>
      sampleOf(
        tasks.filter((task) => split === undefined || (task.split ?? split) === split),
        sample,
      ).flatMap((task) => created.map((agent) => ({ suite: name, task, agent }))),
    );
}

/** Some of the tasks, from beginning to end, the same in every run. */
function sampleOf(tasks: readonly EvalTask[], size = tasks.length): readonly EvalTask[] {
  const stride = Math.max(1, tasks.length / size);
  return tasks.filter((_, index) => Math.floor(index / stride) > Math.floor((index - 1) / stride));
}

function keyOf({ suite, task, agent }: Job) {
  return { suite, agent: agent.name, task: task.id };
}

async function createContext(settings: EvalSettings, surroundings: EvalSurroundings): Promise<TaskContext> {
  const { folder, deck, maxCostUsd, timeoutMs } = surroundings;
  const load = (spec: string | undefined) =>
    spec === undefined ? undefined : loadModel(spec, settings, deck.isReplaying);
  const [model, small, judge] = [
    await load(settings.model),
    await load(settings.small),
    await load(settings.judge),
  ];
  if (model === undefined) {
    throw new TypeError("A run needs a model.");
  }
  const prices = pricesOf(settings);
  const budget = keptBudget(maxCostUsd, folder);
  return {
    model,
    small,
    budget,
    prices,
    timeoutMs,
    judge: (question, answer, gold) => judgeAnswer({ model: judge, budget, prices }, question, answer, gold),
  };
}

/** A budget that the folder keeps: whenever the process ends, the next one knows what was spent. */
function keptBudget(maxCostUsd: number | undefined, folder: RunFolder): Budget {
  const budget = createBudget(maxCostUsd === undefined ? {} : { maxCostUsd }, folder.spentBefore);
  return {
    ...budget,
    settle(reservation, used) {
      const wasOpen = budget.settle(reservation, used);
      folder.keepSpending(budget.spent());
      return wasOpen;
    },
  };
}
