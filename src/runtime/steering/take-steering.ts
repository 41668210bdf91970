import { Overwrite } from "@langchain/langgraph";
import type { Emit } from "../../events/index.js";
import { type AgentState, mergeResults, type StateChange, type StateUpdate } from "../../state/index.js";
import { type NodeContext, type SteeringMail, timeNow } from "../run/index.js";
import { applySteering } from "./apply-steering.js";

/** Adds the changes that people made meanwhile to the executor's update, and answers everyone who made one. */
export function takeSteering(
  before: AgentState,
  change: StateChange,
  mails: readonly SteeringMail[],
  { services, settings, emit }: NodeContext,
): StateUpdate {
  let steered = afterChange(before, change);
  let isSteered = false;
  for (const { changesTo, taken, refused } of mails) {
    try {
      steered = applySteering(steered, changesTo(steered), {
        registry: services.registry,
        maxSteps: settings.planner.maxSteps,
        createId: services.createId,
        at: timeNow(services),
      });
      isSteered = true;
      taken();
    } catch (error) {
      refused(error);
    }
  }
  tellSteering(before, steered, emit);
  return isSteered ? { ...change, ...toSteeredUpdate(before, steered) } : change;
}

/** Emits what people changed, and each plan that resulted. */
export function tellSteering(before: AgentState, steered: AgentState, emit: Emit): void {
  const changes = steered.steering.slice(before.steering.length);
  if (changes.length === 0) {
    return;
  }
  emit({ type: "agent.steered", changes });
  const versions = steered.planVersions.slice(before.planVersions.length);
  for (const [index, { version, reason, by, steps, answer }] of versions.entries()) {
    const told = answer === undefined ? {} : { answer };
    // Several changes may come together. The plan between two of them was never anybody's.
    const change = index < versions.length - 1 ? {} : { before: before.plan, after: steered.plan };
    emit({ type: "plan.generated", version, reason, by, steps, ...told, ...change });
  }
}

/** The state with a node's change applied. */
export function afterChange(before: AgentState, change: StateChange): AgentState {
  const { pastSteps = [], messages = [] } = change;
  const replaced = new Map(messages.map((message) => [message.id, message]));
  return {
    ...before,
    ...change,
    usage: before.usage,
    pastSteps: mergeResults(before.pastSteps, pastSteps),
    messages: before.messages.map((message) => replaced.get(message.id) ?? message),
  };
}

/** The update that turns a thread's state into the steered one. */
export function toSteeredUpdate(before: AgentState, steered: AgentState): StateUpdate {
  const shown = new Set(before.messages);
  const versions = new Set(before.planVersions.map(({ version }) => version));
  const { plan, answerStep, suspended, decisions, steering, words, verdict, waitedMs } = steered;
  const { request, response, outcome, status } = steered;
  return {
    plan,
    answerStep,
    planVersions: steered.planVersions.filter(({ version }) => !versions.has(version)),
    pastSteps: new Overwrite(steered.pastSteps),
    messages: steered.messages.filter((message) => !shown.has(message)),
    suspended,
    decisions,
    steering,
    words,
    verdict,
    waitedMs,
    request,
    response,
    outcome,
    status,
  };
}
