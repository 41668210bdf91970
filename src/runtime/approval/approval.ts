import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { Retry, startDeadline } from "../../base/index.js";
import { checkpointerIn } from "../../langgraph/index.js";
import { isTransient } from "../../policy/index.js";
import { type AgentState, type OpenRequest, type StateUpdate, turnOf } from "../../state/index.js";
import {
  type AgentServices,
  ApprovalError,
  createNodeContext,
  MAX_NOTIFY_ATTEMPTS,
  NOTIFY_TIMEOUT_MS,
  type NodeContext,
  type OnWaiting,
  timeNow,
  toApprovalRequest,
  toWaitingNotice,
  type WaitingNotice,
} from "../run/index.js";
import { askPerson, toPlanMessages } from "../turn/index.js";
import { applyDecisions } from "./apply-decisions.js";
import { takeAnswer } from "./given-answer.js";
import { readDecisions } from "./read-decisions.js";

const NOT_ANSWERED =
  "What this run was given is the answer to another question, and this request still stands.";

/**
 * Creates the approval node, the only place that stops for a person.
 *
 * Each visit asks once, for everything that waits, and takes one answer. If the answer cannot be taken, the refusal is
 * stored with the request and the next visit asks again. If somebody must be notified that the run waits, that takes a
 * visit of its own before the first question, so it does not happen again when the node reruns with the answer.
 */
export function createApproval(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    const context = createNodeContext(services, state, config);
    const { approval, planner } = context.settings;
    const request = requestOf(state);
    if (!checkpointerIn(config.configurable)) {
      throw new ApprovalError();
    }
    if (request.toNotify) {
      if (approval.onWaiting !== undefined) {
        await notify(state, approval.onWaiting, context);
      }
      return { request: { ...request, toNotify: false } };
    }
    const given = await takeAnswer(toApprovalRequest(request, state.plan), config);
    if (given === undefined) {
      return refuse(state, request, NOT_ANSWERED, context);
    }
    const { expiresAt } = request;
    if (expiresAt !== null && services.now() >= Date.parse(expiresAt)) {
      return askAnew(state, request, expiresAt, context);
    }
    const answer = await readDecisions(given.value, request, state, {
      registry: context.services.registry,
      requester: context.requester,
      maxSteps: planner.maxSteps,
      rules: approval,
      isMeant: given.isMeant,
      signal: context.signal,
    });
    if (!answer.ok) {
      return refuse(state, request, answer.message, context);
    }
    const by = context.requester.userId ?? answer.decidedBy;
    return applyDecisions(state, request, answer.decisions, by, context);
  };
}

/** Keeps the request open, and says why the answer to it was not taken, in the conversation too. */
function refuse(
  state: AgentState,
  request: OpenRequest,
  refusal: string,
  { emit }: NodeContext,
): StateUpdate {
  emit({ type: "approval.refused", requestId: request.id, reason: refusal });
  const messages = toPlanMessages(state, { waiting: request.waiting, refusal });
  return { request: { ...request, refusal }, messages };
}

/** The open request. No route leads to this node without one. */
function requestOf({ request }: AgentState): OpenRequest {
  if (request === null) {
    throw new TypeError("Nothing waits for a person: the approval node has nothing to ask.");
  }
  return request;
}

/** Ends an expired request, whatever the answer to it was, and asks for the same under a new id. */
function askAnew(
  state: AgentState,
  { id, askedAt, waiting }: OpenRequest,
  expiresAt: string,
  context: NodeContext,
): StateUpdate {
  const { services, emit } = context;
  emit({ type: "approval.expired", requestId: id });
  const refusal =
    `Request ${id} expired at ${expiresAt}; the answer came at ${timeNow(services)} and was not taken. ` +
    "The same is asked anew: answer this request.";
  const waitedMs = state.waitedMs + services.now() - Date.parse(askedAt);
  const { request, ...change } = askPerson(waiting, context);
  const messages = toPlanMessages(state, { waiting, refusal });
  return { ...change, waitedMs, messages, request: request && { ...request, refusal } };
}

/**
 * Notifies somebody that a run waits. A failure is retried if that may help, and then emitted as an event, because the
 * run waits even if nobody was notified. Only the run's own abort is thrown.
 */
async function notify(state: AgentState, onWaiting: OnWaiting, context: NodeContext): Promise<void> {
  const { services, signal, settings, emit, config } = context;
  const request = requestOf(state);
  const { id: requestId } = request;
  const threadId: unknown = config.configurable?.thread_id;
  const notice = toWaitingNotice(
    request,
    { turn: turnOf(state), plan: state.plan },
    typeof threadId === "string" ? threadId : undefined,
  );
  const send = async (own: AbortSignal): Promise<unknown> =>
    typeof onWaiting === "string"
      ? postNotice(onWaiting, notice, own, services.fetch)
      : onWaiting(notice, { signal: own });
  const { random, sleep } = services;
  const retry = new Retry({
    attempts: MAX_NOTIFY_ATTEMPTS,
    pace: { backoff: settings.executor.backoff, random, sleep },
    signal,
    isWorth: (error: unknown) => isTransient(error) === true,
  });
  for (;;) {
    const deadline = startDeadline(NOTIFY_TIMEOUT_MS, "The time for this call is up.", signal);
    try {
      await deadline.race(send);
      emit({ type: "approval.notified", requestId, attempts: retry.attempt });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(await retry.again(error))) {
        emit({ type: "approval.notify-failed", requestId, attempts: retry.attempt, error: nameError(error) });
        return;
      }
    }
  }
}

/**
 * Describes an error by its name, status and code only. Its message may contain the address, which may contain a
 * secret.
 */
function nameError(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    return "it threw no error";
  }
  const status = thrown instanceof WebhookError ? thrown.status : undefined;
  const known = [status, codeOf(thrown), codeOf(thrown.cause)].filter((fact) => fact !== undefined);
  return known.length === 0 ? thrown.name : `${thrown.name} (${known.join(", ")})`;
}

function codeOf(value: unknown): string | undefined {
  const code: unknown = value instanceof Error ? Reflect.get(value, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}

/** A webhook answered, but not with success. */
class WebhookError extends Error {
  override readonly name = "WebhookError";

  constructor(
    /** The HTTP status of the answer. */
    readonly status: number,
  ) {
    super(`The webhook answered with HTTP status ${status}.`);
  }
}

/** Posts a notice as JSON. It follows no redirect, because the notice is meant for this one address. */
async function postNotice(
  url: string,
  notice: WaitingNotice,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(notice),
    redirect: "manual",
    signal,
  });
  await response.body?.cancel();
  if (!response.ok) {
    throw new WebhookError(response.status);
  }
}
