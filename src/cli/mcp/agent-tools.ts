// The work of the tools.
//
//   (1) A decision comes from a form that a person filled in. From a tool's arguments it is taken only with
//       `--answers resume`, and only from a client that has no forms.
//   (2) What waits and was not decided leaves the thread waiting, and the result says how a person decides.
import { Command } from "@langchain/langgraph";
import type { PlanExecuteAgent } from "../../agent/index.js";
import { describeError, quote } from "../../base/index.js";
import { nameAction, type PendingRequest, readThread, type ThreadState } from "../asking/index.js";
import { followRun, type RunInput } from "../follow-run.js";
import { listThreads } from "../manage-threads.js";
import { type CommandOptions, openKeptOptions } from "../options/index.js";
import { readSnapshot } from "../pages/index.js";
import { commandPrefix, goOnLine } from "../report.js";
import type { OpenedThread } from "../run-thread.js";
import { type DependenciesOf, NO_PROGRESS, progressFrom, toOneLine } from "../showing/index.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import type { Threads } from "../threads.js";
import { elicitAnswer } from "./elicit-answer.js";
import { type Caller, createHeldThreads } from "./held-threads.js";
import type { ToolResult } from "./load-sdk.js";
import { createToldScreen } from "./progress-teller.js";
import { toRunResult, toToolResult, withoutSecretsIn } from "./run-result.js";
import type { GivenAnswer } from "./tool-schemas.js";

/** The tools' work. Each rejects with why it could not be done. */
export interface AgentTools {
  run(given: { goal: string; threadId?: string }, caller: Caller): Promise<ToolResult>;
  plan(given: { goal: string; threadId?: string }, caller: Caller): Promise<ToolResult>;
  resume(given: { threadId: string; answer?: GivenAnswer }, caller: Caller): Promise<ToolResult>;
  status(given: { threadId: string }, caller: Caller): Promise<ToolResult>;
  threads(): Promise<ToolResult>;
  /** Resolves when all runs have ended. */
  settled(): Promise<void>;
}

/** What the tools work with. */
export interface ToolSource {
  readonly threads: Threads;
  /** Only reads threads. */
  readonly agent: PlanExecuteAgent;
  readonly dependenciesOf: DependenciesOf;
  readonly secrets: ReadonlyMap<string, string>;
}

/** How a call goes on with a thread. */
interface Start {
  /** Undefined if a person has to be asked first. */
  readonly input: RunInput | undefined;
  readonly isNewTurn?: boolean;
  readonly isPlanOnly?: boolean;
}

/** Whom to tell how a pending request can be answered. */
interface ToldCaller extends Caller {
  /** Why the client did not show its form. */
  readonly formFailure?: string;
}

/** How long the name may be under which a decision is kept. */
const MAX_NAME = 200;
const MAX_LINE = 200;

/** Creates the tools' work. */
export function createAgentTools(
  options: CommandOptions,
  source: ToolSource,
  surroundings: Surroundings,
): AgentTools {
  const { threads } = source;
  const held = createHeldThreads(options, threads, surroundings);

  /** Goes on until the run ends, or waits for somebody who does not answer. */
  async function goOn(
    { input: first, isNewTurn = false, isPlanOnly = false }: Start,
    opened: OpenedThread,
    threadId: string,
    caller: Caller,
  ): Promise<ToolResult> {
    const { agent, dependenciesOf, tools } = opened;
    const { signal, showForm } = caller;
    const watched = { agent, dependenciesOf, threadId, signal, screen: createToldScreen(caller.tell) };
    const viewOf = ({ values }: ThreadState) =>
      values === undefined ? NO_PROGRESS : progressFrom(values.plan, values.pastSteps, dependenciesOf);
    let state = await readThread(agent, threadId);
    let view = isNewTurn ? NO_PROGRESS : viewOf(state);
    for (let input = first; ; ) {
      if (input !== undefined) {
        await followRun(input, { ...watched, isPlanOnly }, view);
        signal.throwIfAborted();
        state = await readThread(agent, threadId);
        view = viewOf(state);
      }
      const { request } = state;
      let formFailure: string | undefined;
      const bound =
        request === undefined || isPlanOnly || showForm === undefined
          ? undefined
          : await elicitAnswer(request, state, showForm, {
              tools,
              dependenciesOf,
              now: surroundings.now,
            }).catch((error: unknown) => {
              formFailure = describeError(error);
              return undefined;
            });
      signal.throwIfAborted();
      if (bound === undefined) {
        const told = { ...caller, ...(formFailure === undefined ? {} : { formFailure }) };
        return tellOf(state, threadId, told, { dependenciesOf, isPlanned: isPlanOnly });
      }
      const person = surroundings.userName ?? "a person";
      input = answerWith(bound, `${person}, by a form of ${caller.name}`);
    }
  }

  function tellOf(
    state: ThreadState,
    threadId: string,
    caller: ToldCaller,
    more: { dependenciesOf: DependenciesOf; isPlanned?: boolean; isRunning?: boolean },
  ): ToolResult {
    const howToAnswer = (request: PendingRequest) => sayHowToAnswer(threadId, request, caller);
    const result = toRunResult(state, { threadId, howToAnswer, ...more });
    return toToolResult(result, more, state.request);
  }

  function sayHowToAnswer(
    threadId: string,
    request: PendingRequest,
    { showForm, formFailure }: ToldCaller,
  ): string {
    const elsewhere = sayWhereToDecide(threadId);
    if (formFailure !== undefined) {
      const why = toOneLine(formFailure, MAX_LINE);
      return `A person has to decide, and the client did not show them the form: ${why}. Call resume with this threadId to ask again. ${elsewhere}`;
    }
    if (showForm !== undefined) {
      return "A person has to decide. Call resume with this threadId, and they are asked by a form.";
    }
    if (options.answers === "resume") {
      const decisions = request.actionRequests.map(({ allowedDecisions }) => ({ type: allowedDecisions[0] }));
      const example = JSON.stringify({ threadId, answer: { requestId: request.requestId, decisions } });
      return (
        "A person has to decide. Show the user what waits, and call resume with what they decided, one decision for each " +
        `action, such as ${example}. ${elsewhere}`
      );
    }
    return (
      `A person has to decide, and this client has no forms by which they could be asked. ${elsewhere} No tool of this ` +
      "server takes a decision as an argument, unless it is started with --answers resume."
    );
  }

  function sayWhereToDecide(threadId: string): string {
    if (threads.kind === "memory") {
      return (
        "Nobody can decide at a terminal, because threads are kept in this server's memory and end with it. " +
        (threads.notice ?? "Start it with --checkpointer, such as sqlite:threads.db.")
      );
    }
    const line = goOnLine(commandPrefix(surroundings.environment), threadId, options, "");
    return `They can decide at a terminal in ${surroundings.folder}: ${line} (or on the pages of plan-execute serve). Then call status with this threadId.`;
  }

  const begin = (given: { goal: string; threadId?: string }, caller: Caller, isPlanOnly: boolean) => {
    const threadId = given.threadId ?? surroundings.createId();
    return held.work(threadId, caller, true, async (opened, told) => {
      if (given.threadId !== undefined && !opened.hasThread) {
        throw noThread(threadId);
      }
      await opened.keepOptions();
      const start = { input: { input: given.goal }, isNewTurn: true, isPlanOnly };
      return goOn(start, opened, threadId, told);
    });
  };

  return {
    run: (given, caller) => begin(given, caller, false),
    plan: (given, caller) => begin(given, caller, true),
    async resume({ threadId, answer }, caller) {
      if (answer !== undefined && caller.showForm !== undefined) {
        throw new UsageError(
          "This client has forms, so the person decides by one. Call resume without answer, and they are asked.",
        );
      }
      await assertThread(threadId);
      return held.work(threadId, caller, false, async (opened, told) => {
        const input = resumeInput(await readThread(opened.agent, threadId), threadId, answer, caller);
        await opened.keepOptions();
        return goOn({ input }, opened, threadId, told);
      });
    },
    async status({ threadId }, caller) {
      const { agent, dependenciesOf, secrets } = source;
      await assertThread(threadId);
      const [state, { values }] = [
        await readThread(agent, threadId),
        await readSnapshot(agent, threads, threadId),
      ];
      // The steps that settled since the run last committed are in the snapshot alone.
      const { pastSteps } = Object(values);
      const known = state.values && { ...state.values, pastSteps: pastSteps ?? state.values.pastSteps };
      const isRunning = held.isHeld(threadId);
      return withoutSecretsIn(
        tellOf({ ...state, values: known }, threadId, caller, { dependenciesOf, isRunning }),
        secrets,
      );
    },
    async threads() {
      const { listed, count } = await listThreads(threads, source.agent);
      const told = listed.map(({ threadId, status, changedAt, goal, waiting = [] }) => ({
        threadId,
        status: held.isHeld(threadId) ? "running" : status,
        ...(changedAt === undefined ? {} : { changedAt }),
        goal,
        waits: waiting.map(nameAction),
      }));
      const lines = told.map(({ threadId, status, goal, waits }) =>
        [
          `${threadId}: ${status}: ${toOneLine(goal, MAX_LINE)}`,
          ...waits.map((one) => `  waits for a person: ${one}`),
        ].join("\n"),
      );
      const more = count > told.length ? [`… and ${count - told.length} that changed longer ago`] : [];
      const text = count === 0 ? "There are no threads." : [...lines, ...more].join("\n");
      return withoutSecretsIn(
        { content: [{ type: "text", text }], structuredContent: { threads: told, count } },
        source.secrets,
      );
    },
    settled: held.settled,
  };

  async function assertThread(threadId: string): Promise<void> {
    const { hasThread } = await openKeptOptions(threads, threadId);
    if (!hasThread) {
      throw noThread(threadId);
    }
  }
}

function noThread(threadId: string): UsageError {
  return new UsageError(
    `There is no thread ${quote(threadId)}. Call threads for those that there are, or run without threadId for a new one.`,
  );
}

/** What a call of `resume` goes on with; undefined if a person has to be asked first. */
function resumeInput(
  { request, isOpen }: ThreadState,
  threadId: string,
  answer: GivenAnswer,
  { name }: Caller,
): RunInput | undefined {
  if (answer !== undefined) {
    if (request?.requestId !== answer.requestId) {
      const waits = request === undefined ? "nothing waits" : `the request ${request.requestId} waits`;
      throw new UsageError(
        `The answer is to the request ${quote(answer.requestId)}, and in the thread "${threadId}" ${waits}. Call status to see it.`,
      );
    }
    return answerWith(answer, `the client ${name}, as an argument of resume`);
  }
  if (request !== undefined) {
    return undefined;
  }
  if (isOpen) {
    return null;
  }
  throw new UsageError(
    `The thread "${threadId}" has nothing to go on with. Call run with this threadId and the goal of its next turn.`,
  );
}

function answerWith(answer: object, decidedBy: string): RunInput {
  return new Command({ resume: { ...answer, decidedBy: decidedBy.slice(0, MAX_NAME) } });
}
