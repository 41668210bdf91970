// The plan as a card: the component that langgraph.json names under `ui`. LangGraph's server bundles it, and clients
// load it (LoadExternalComponent), or a client that has React imports it. It needs nothing but React and the SDK.
import { useStreamContext } from "@langchain/langgraph-sdk/react-ui";
import type { PlanCardProps, PlanCardStep } from "langgraph-plan-execute";
import { useEffect, useState } from "react";

const MARKS: Readonly<Record<PlanCardStep["state"], string>> = {
  open: "○",
  running: "◐",
  waiting: "?",
  done: "✓",
  failed: "✗",
  blocked: "✗",
  unexpected: "!",
  skipped: "–",
  rejected: "✗",
};
const NAMES: Readonly<Record<PlanCardStep["state"], string>> = {
  open: "to do",
  running: "at work",
  waiting: "waits for you",
  done: "done",
  failed: "failed",
  blocked: "could not be done",
  unexpected: "not as expected",
  skipped: "skipped",
  rejected: "rejected",
};
const TITLES: Readonly<Record<PlanCardProps["status"], string>> = {
  planning: "Planning …",
  executing: "At work",
  waiting: "Waits for you",
  done: "Done",
  incomplete: "Not finished",
  failed: "Failed",
  refused: "Refused",
  cancelled: "Cancelled",
};

/** Shows a plan, and how each of its steps stands. */
function PlanCard({ turnId, threadId, status, steps, versions, decided, notes }: PlanCardProps) {
  const { values } = useStreamContext<{ turn?: { id: string } | null }>();
  // A step can be changed once the plan is there, and only in the turn that the thread is at: the next one has steps of
  // the same ids.
  const isCurrent = status !== "planning" && values.turn?.id === turnId;
  const done = steps.filter(({ state }) => state === "done").length;
  return (
    <section className="plan-card" aria-label="Plan">
      <style>{STYLE}</style>
      <header>
        <strong>Plan</strong>
        <span className="status">{TITLES[status]}</span>
        <span className="count">
          {done} of {steps.length}
        </span>
      </header>
      <ol>
        {steps.map((step) => (
          <Step
            key={step.id}
            step={step}
            threadId={isCurrent ? threadId : undefined}
            isMarked={versions.length > 1}
          />
        ))}
      </ol>
      {notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
      {decided.map((line) => (
        <p key={line} className="fact">
          {line}
        </p>
      ))}
      {versions.length > 1 && (
        <details>
          <summary>{versions.length} versions of the plan</summary>
          <ul>
            {versions.map(({ version, by, reason }) => (
              <li key={version}>
                {version}, by {by}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface StepProps {
  readonly step: PlanCardStep;
  readonly threadId: string | undefined;
  readonly isMarked: boolean;
}

function Step({ step, threadId, isMarked }: StepProps) {
  const { state, text, version, items, result, reason, call, decided = [] } = step;
  return (
    <li data-state={state}>
      <span className="mark" role="img" aria-label={NAMES[state]}>
        {MARKS[state]}
      </span>
      <div className="words">
        <span className="text">{text}</span>
        {isMarked && <span className="version"> v{version}</span>}
        {items !== undefined && (
          <span className="fact">
            {items.ended} of {items.total}
          </span>
        )}
        {result !== undefined && <span className="fact">{result}</span>}
        {reason !== undefined && <span className="trouble">{`${NAMES[state]}: ${reason}`}</span>}
        {call !== undefined && <code>{call}</code>}
        {decided.map((line) => (
          <span key={line} className="fact">
            {line}
          </span>
        ))}
      </div>
      <Seconds step={step} />
      {threadId !== undefined && <Actions step={step} threadId={threadId} />}
    </li>
  );
}

/** How long a step took, or has taken so far. */
function Seconds({ step: { state, seconds, startedAt } }: Pick<StepProps, "step">) {
  const [now, setNow] = useState(() => Date.now());
  const isRunning = state === "running" && startedAt !== undefined;
  useEffect(() => {
    if (!isRunning) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
  const shown = isRunning ? Math.max(0, (now - Date.parse(startedAt)) / 1000) : seconds;
  return <span className="seconds">{shown === undefined ? "" : toTime(shown)}</span>;
}

function toTime(seconds: number): string {
  if (seconds < 60) {
    return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

type Change = "skip" | "retry" | "cancel";

/** What a person can do with a step: the changes that the agent takes between steps. */
function Actions({
  step: { id, state },
  threadId,
}: {
  readonly step: PlanCardStep;
  readonly threadId: string;
}) {
  const stream = useStreamContext();
  const [said, setSaid] = useState("");
  const isTrouble = ["failed", "blocked", "unexpected", "rejected"].includes(state);
  const steer = async (type: Change) => {
    setSaid("…");
    try {
      await stream.client.threads.updateState(threadId, { values: { steering: [{ type, stepId: id }] } });
      setSaid("");
      // A run that is under way takes the change up by itself.
      if (!stream.isLoading) {
        stream.submit(null, { streamMode: ["values", "messages-tuple", "custom"], streamSubgraphs: true });
      }
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <span className="actions">
      {isTrouble && (
        <button type="button" onClick={() => void steer("retry")}>
          Try again
        </button>
      )}
      {state === "running" && (
        <button type="button" onClick={() => void steer("cancel")}>
          Cancel
        </button>
      )}
      {(isTrouble || state === "open" || state === "waiting") && (
        <button type="button" onClick={() => void steer("skip")}>
          Skip
        </button>
      )}
      {said !== "" && <span role="status">{said}</span>}
    </span>
  );
}

// The page around the card has the colors of its own choice, whatever the system prefers. So each color here is mixed
// from the page's color of text, which stands out from what is behind it.
const STYLE = `
.plan-card { --good: color-mix(in srgb, #15803d 60%, currentColor); --bad: color-mix(in srgb, #dc2626 60%, currentColor);
  --busy: color-mix(in srgb, #2563eb 60%, currentColor); --ask: color-mix(in srgb, #b45309 60%, currentColor);
  --quiet: color-mix(in srgb, currentColor 72%, transparent); container-type: inline-size; box-sizing: border-box;
  font: 14px/1.45 system-ui, sans-serif; border: 1px solid color-mix(in srgb, currentColor 18%, transparent);
  border-radius: 10px; padding: 12px 14px; max-width: 720px; }
.plan-card header { display: flex; gap: 10px; align-items: baseline; margin-bottom: 6px; }
.plan-card :is(.status, .count, .fact, .seconds, .version) { color: var(--quiet); font-size: 13px; }
.plan-card .count { margin-left: auto; }
.plan-card ol { list-style: none; margin: 0; padding: 0; }
.plan-card ol > li { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto auto; gap: 2px 8px; padding: 4px 0;
  align-items: start; }
.plan-card .mark { text-align: center; font-weight: 700; }
.plan-card .words > span { display: block; overflow-wrap: anywhere; }
.plan-card .words > .version { display: inline; }
.plan-card .words > .text { display: inline; }
.plan-card code { display: block; font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; padding: 4px 6px;
  border-radius: 6px; background: color-mix(in srgb, currentColor 7%, transparent); }
.plan-card .trouble { font-size: 13px; color: var(--bad); }
.plan-card .note { margin: 8px 0 0; font-weight: 600; overflow-wrap: anywhere; }
.plan-card p.fact { margin: 6px 0 0; }
.plan-card details { margin-top: 6px; font-size: 13px; overflow-wrap: anywhere; }
.plan-card .seconds { font-variant-numeric: tabular-nums; white-space: nowrap; }
.plan-card .actions { display: flex; flex-wrap: wrap; gap: 6px; max-width: 260px; }
.plan-card button { font: inherit; font-size: 12px; min-height: 24px; padding: 1px 8px; border-radius: 6px;
  border: 1px solid color-mix(in srgb, currentColor 45%, transparent); background: transparent; color: inherit;
  cursor: pointer; }
.plan-card button:focus-visible { outline: 2px solid var(--busy); outline-offset: 1px; }
.plan-card [data-state=done] .mark { color: var(--good); }
.plan-card [data-state=running] .mark { color: var(--busy); }
.plan-card [data-state=waiting] .mark { color: var(--ask); }
.plan-card :is([data-state=failed], [data-state=blocked], [data-state=unexpected], [data-state=rejected]) .mark {
  color: var(--bad); }
.plan-card [data-state=skipped] .text { text-decoration: line-through; color: var(--quiet); }
@container (max-width: 480px) { .plan-card .actions { grid-column: 2 / -1; max-width: none; } }
`;

/** The components by name, as LangGraph's server looks for them. */
export default { plan: PlanCard };
