// What a run did besides its steps. The state keeps when each plan was accepted and when people were asked. The times
// before those follow from the steps, because nothing else runs while a model replans or answers.
import type { RunState } from "./run-state.js";
import type { Span } from "./spans.js";

interface Frame {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly isOpen: boolean;
}

/** Finds when the run planned, asked about its plan, planned anew and answered. */
export function readPhases(
  { planVersions, decisions, request, outcome, usage }: RunState,
  steps: readonly { readonly spans: readonly Span[] }[],
  { startedAt, endedAt, isOpen }: Frame,
): Span[] {
  const ends = steps.flatMap(({ spans }) => spans.map(({ to }) => to));
  const asked = decisions.flatMap((one): Span[] =>
    one.askedAt === undefined || one.stepId !== undefined
      ? []
      : [{ kind: "asking", from: Date.parse(one.askedAt), to: Date.parse(one.at) }],
  );
  const isAboutPlan = request?.waiting.some(({ kind }) => kind !== "action") ?? false;
  const asking: Span[] =
    request !== null && isAboutPlan
      ? [{ kind: "asking", from: Date.parse(request.askedAt), to: endedAt }]
      : [];
  const quiet = [
    startedAt,
    ...ends,
    ...asked.map(({ to }) => to),
    ...planVersions.map(({ at }) => Date.parse(at)),
  ];
  const before = (moment: number) => Math.max(startedAt, ...quiet.filter((one) => one < moment));
  const planned = planVersions.flatMap(({ at, by }): Span[] => {
    const to = Date.parse(at);
    return by === "person" ? [] : [{ kind: "planning", from: before(to), to }];
  });
  const last = Math.max(...quiet);
  const isPlanning = isOpen && planVersions.length === 0;
  const wrote = usage.byRole.answer.calls + usage.byRole.replanner.calls + usage.byRole.planner.calls > 0;
  const rest: Span[] = [];
  if (isPlanning) {
    rest.push({ kind: "planning", from: startedAt, to: endedAt });
  } else if (!isOpen && outcome !== null && wrote && last < endedAt) {
    rest.push({ kind: "answering", from: last, to: endedAt });
  }
  return [...planned, ...asked, ...asking, ...rest].filter(({ from, to }) => to > from);
}
