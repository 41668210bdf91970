import { countOf } from "../../base/index.js";
import type { AgentEvent } from "../../events/index.js";
import { DARK_SCREEN, type ProgressView, type Screen, toOneLine } from "../showing/index.js";
import type { CallExtra } from "./load-sdk.js";

/** Many clients give up on a call from which they hear nothing for a minute. */
const SIGN_OF_LIFE_MS = 10_000;
const MAX_WORDS = 200;

/** Reports the progress of a call to its client, if the client asked for that. */
export interface ProgressTeller {
  tell(message: string): void;
  /** Resolves when everything is sent. Nothing is reported after that. */
  end(): Promise<void>;
}

/** Creates a teller. As long as nothing happens, it says the last words again. */
export function createProgressTeller(
  { _meta, sendNotification }: Pick<CallExtra, "_meta" | "sendNotification">,
  repeat: (intervalMs: number, action: () => void) => () => void,
): ProgressTeller {
  const { progressToken } = _meta ?? {};
  if (progressToken === undefined) {
    return { tell() {}, end: async () => {} };
  }
  let progress = 0;
  let last = "The run begins";
  let sent = Promise.resolve();
  const send = () => {
    progress += 1;
    const params = { progressToken, progress, message: last };
    // A client that has gone hears nothing. Its call is cancelled by then.
    sent = sent.then(() => sendNotification({ method: "notifications/progress", params })).catch(() => {});
  };
  const stop = repeat(SIGN_OF_LIFE_MS, send);
  return {
    tell(message) {
      last = message;
      send();
    },
    async end() {
      stop();
      await sent;
    },
  };
}

/** A screen that tells a client what happens. */
export function createToldScreen(tell: (message: string) => void): Screen {
  return {
    ...DARK_SCREEN,
    event(event, view) {
      const words = toWords(event, view);
      if (words !== undefined) {
        tell(words);
      }
    },
  };
}

function toWords(event: AgentEvent, view: ProgressView): string | undefined {
  const { steps } = view;
  const ended = steps.filter(({ status }) => status !== "open" && status !== "running").length;
  const nameOf = (stepId: string) => {
    const step = steps.find(({ id }) => id === stepId);
    return toOneLine(`${stepId}. ${step?.description ?? ""}`, MAX_WORDS);
  };
  const far = `${ended} of ${countOf(steps.length, "step")} done`;
  switch (event.type) {
    case "agent.started":
      return "Planning";
    case "plan.generated":
      return `The plan has ${countOf(steps.length, "step")}`;
    case "step.started":
      return `${far}; begun: ${nameOf(event.stepId)}`;
    case "step.ended":
      return `${far}; ${event.status}: ${nameOf(event.stepId)}`;
    case "replanning":
      return `${far}; the plan is changed`;
    case "approval.asked":
      return `${far}; waits for a person`;
    default:
      return undefined;
  }
}
