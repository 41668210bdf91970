import { createHiding } from "../../agent-file/index.js";
import { describeError } from "../../base/index.js";
import { describeAction, type PendingRequest, type ThreadState } from "../asking/index.js";
import { withFlags } from "../options/index.js";
import { type DependenciesOf, progressFrom, toOneLine } from "../showing/index.js";
import { withoutControls } from "../write.js";
import type { ToolResult } from "./load-sdk.js";
import type { RunResult } from "./tool-schemas.js";

type Status = RunResult["status"];

const MAX_OUTPUT = 2_000;
const MAX_ERROR = 1_000;

/** What a result says of a thread in addition to its state. */
export interface ToldThread {
  readonly threadId: string;
  readonly dependenciesOf: DependenciesOf;
  /** Whether this server is at work on it. */
  readonly isRunning?: boolean;
  /** Whether it was only planned. */
  readonly isPlanned?: boolean;
  /** How what waits can be answered. */
  readonly howToAnswer: (request: PendingRequest) => string;
}

/** Says where a thread stands. */
export function toRunResult(state: ThreadState, told: ToldThread): RunResult {
  const { values, request } = state;
  const { threadId, dependenciesOf, howToAnswer } = told;
  const status = toStatus(state, told);
  const { steps } =
    values === undefined ? { steps: [] } : progressFrom(values.plan, values.pastSteps, dependenciesOf);
  const { calls = 0, inputTokens = 0, outputTokens = 0, costUsd = 0 } = values?.usage ?? {};
  const reason = status === "done" ? undefined : values?.outcome?.reason;
  return {
    threadId,
    status,
    goal: values?.turn?.goal ?? "",
    answer: withoutControls(values?.response ?? ""),
    ...(reason === undefined ? {} : { reason: withFlags(reason) }),
    steps: steps.map(({ id, description, tool, after, status: stepStatus, output, error }) => ({
      id,
      description,
      ...(tool === undefined ? {} : { tool }),
      dependsOn: [...after],
      status: stepStatus,
      ...(output === undefined ? {} : { output: toShort(output) }),
      ...(error === undefined ? {} : { error: toOneLine(error, MAX_ERROR) }),
    })),
    ...(request === undefined ? {} : { waiting: toWaiting(request) }),
    next: request === undefined ? toNext(status, state) : howToAnswer(request),
    usage: { modelCalls: calls, inputTokens, outputTokens, costUsd },
  };
}

function toStatus(
  { values, request, isOpen }: ThreadState,
  { isRunning = false, isPlanned = false }: Pick<ToldThread, "isRunning" | "isPlanned">,
): Status {
  if (isRunning) {
    return "running";
  }
  if (request !== undefined) {
    return "waiting";
  }
  const status = values?.status ?? "unfinished";
  if (status === "planning" || status === "executing" || status === "waiting") {
    return isPlanned && isOpen ? "planned" : "unfinished";
  }
  // A new turn of a thread that was cut off before it wrote anything still shows the end of the last one.
  return isOpen && status !== "failed" ? "unfinished" : status;
}

function toWaiting({ requestId, actionRequests, expiresAt, error }: PendingRequest): RunResult["waiting"] {
  return {
    requestId,
    actions: actionRequests.map(({ kind, name, args, description, stepId, reason, allowedDecisions }) => ({
      kind,
      name,
      args,
      description,
      ...(stepId === undefined ? {} : { stepId }),
      ...(reason === undefined ? {} : { reason }),
      allowedDecisions: [...allowedDecisions],
    })),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(error === undefined ? {} : { problem: error }),
  };
}

function toNext(status: Status, { isOpen }: ThreadState): string {
  switch (status) {
    case "planned":
      return "Nothing was done yet. Call resume with this threadId to carry the plan out.";
    case "running":
      return "It is at work. Call status with this threadId to see how far it is.";
    case "unfinished":
      return "If nobody is at work on it, call resume with this threadId: it goes on where it stopped, and nothing that is done is done again.";
    default:
      return isOpen
        ? "Call resume with this threadId to try again, or run with this threadId and another goal."
        : "Call run with this threadId for a follow-up.";
  }
}

/** The result of a tool: what a program reads, and the same in words. */
export function toToolResult(
  result: RunResult,
  { dependenciesOf }: Pick<ToldThread, "dependenciesOf">,
  request: PendingRequest | undefined,
): ToolResult {
  const text = [
    ...(result.answer === "" ? [] : [result.answer]),
    [
      `Thread ${result.threadId}: ${result.status}.`,
      ...(result.reason === undefined || result.reason === result.answer ? [] : [`Why: ${result.reason}`]),
      ...(result.status === "done" ? [] : toStepLines(result)),
      ...(request?.error === undefined ? [] : [`The last answer was not taken: ${request.error}`]),
      ...(request?.actionRequests ?? []).map((action) => `\n${describeAction(action, dependenciesOf)}`),
      result.next,
    ].join("\n"),
  ];
  return {
    content: text.map((one) => ({ type: "text", text: one })),
    structuredContent: result,
    ...(result.status === "failed" ? { isError: true } : {}),
  };
}

function toStepLines({ steps }: RunResult): string[] {
  return steps.map(({ id, description, tool, dependsOn, status, error }) => {
    const after = dependsOn.length === 0 ? "" : `, after ${dependsOn.join(", ")}`;
    return `- [${id}] ${toOneLine(description, MAX_ERROR)}${tool === undefined ? "" : ` (${tool}${after})`}: ${status}${error === undefined ? "" : `: ${error}`}`;
  });
}

function toShort(output: unknown): string {
  const text = withoutControls(typeof output === "string" ? output : JSON.stringify(output));
  return text.length > MAX_OUTPUT ? `${text.slice(0, MAX_OUTPUT)}…` : text;
}

/** The result of a call that could not be carried out. */
export function toErrorResult(error: unknown): ToolResult {
  return { content: [{ type: "text", text: describeError(error) }], isError: true };
}

/** Takes the secrets of an agent's file out of a result. */
export function withoutSecretsIn(result: ToolResult, secrets: ReadonlyMap<string, string>): ToolResult {
  return secrets.size === 0 ? result : JSON.parse(createHiding(secrets)(JSON.stringify(result)));
}
