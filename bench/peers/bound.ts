import { secondsUntil } from "./cost-model.js";
import type { LoggedCall } from "./model/call-log.js";
import { dependenciesOf, isGroup, stepsOf, type Work, type WorkItem } from "./work.js";

/**
 * The shortest possible time of our run with the tokens that it really spent. Each step begins when its own text has
 * arrived and everything that it needs is there. A new plan and the closing call begin when everything before has
 * ended.
 */
export function boundOf(work: Work, calls: readonly LoggedCall[]): number {
  const ended = new Map<string, number>();
  let now = 0;
  for (const call of calls) {
    if (call.purpose === "step") {
      continue;
    }
    for (const { itemId, tokens } of call.marks) {
      const item = work.items.find(({ id }) => id === itemId);
      if (item === undefined) {
        throw new Error(`${work.name}: there is no step ${itemId}.`);
      }
      const needed = dependenciesOf(item).map((id) => endOf(work, id, ended));
      const begun = Math.max(now + secondsUntil(call.model, tokens), ...needed);
      // A step that needs a failed step waits for another plan, and appears in that plan again.
      if (Number.isFinite(begun)) {
        ended.set(itemId, begun + durationOf(item, calls));
      }
    }
    now = Math.max(now + secondsUntil(call.model, call.outputTokens), ...ended.values());
  }
  return now;
}

function endOf(work: Work, id: string, ended: ReadonlyMap<string, number>): number {
  const step = stepsOf(work).find((one) => one.id === id);
  if (step?.fails !== true) {
    return ended.get(id) ?? Number.POSITIVE_INFINITY;
  }
  const instead = stepsOf(work).find(({ insteadOf }) => insteadOf === id);
  return (instead === undefined ? undefined : ended.get(instead.id)) ?? Number.POSITIVE_INFINITY;
}

/** How long a step takes once it has begun: its tool, or the calls of its model and the tools between them. */
function durationOf(item: WorkItem, calls: readonly LoggedCall[]): number {
  if (!isGroup(item)) {
    return item.latencyS;
  }
  const own = calls.filter(({ itemId }) => itemId === item.id);
  const asked = own.map(({ model, outputTokens }) => secondsUntil(model, outputTokens));
  return [...asked, ...item.steps.map(({ latencyS }) => latencyS)].reduce((sum, seconds) => sum + seconds, 0);
}
