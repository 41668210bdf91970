// What a run that ends early says to its person. Code writes this, because no model is called any more. The cause of a
// failure, which may be long and technical, stands in the outcome and in the events.
import { cutText, firstLine, type JsonValue } from "../../base/index.js";
import type { ModelError } from "../../models/index.js";
import { writeStepWords } from "../../plan/index.js";
import {
  type AgentState,
  type Failure,
  leftSteps,
  type Undone,
  unresolvedTrouble,
} from "../../state/index.js";
import { TRY_AGAIN } from "./try-again.js";

const MAX_OUTPUT_BYTES = 1_000;
const MAX_ERROR_BYTES = 500;

/** Describes what a run that ends for this reason has achieved. */
export function describeProgress(state: AgentState, reason: string): string {
  return [`This is not finished: ${reason}.`.replace(/\.\.$/, "."), ...listProgress(state)].join("\n\n");
}

const WHO: Readonly<Record<Failure["node"], string>> = {
  planner: "The model that makes the plan",
  replanner: "The model that answers",
};
const WHAT: Readonly<Record<ModelError["code"], string>> = {
  MODEL_UNKNOWN: "is not known",
  MODEL_UNAVAILABLE: "is not set up",
  MODEL_FAILED: "could not be reached or gave an error",
  MODEL_EMPTY: "gave no answer",
  MODEL_UNREADABLE: "gave an answer that cannot be read",
  MODEL_CUT_OFF: "stopped in the middle of its answer",
  MODEL_TOO_LONG: "was asked more than it can take",
  MODEL_REFUSED: "refused",
};

/** Describes what a run has achieved that a model's failure ended, and how to go on in the chat. */
export function describeFailure(
  state: AgentState,
  code: ModelError["code"],
  node: Failure["node"],
  goesOn: boolean,
): string {
  return [
    `${WHO[node]} ${WHAT[code]}, so this is not finished.`,
    ...listProgress(state),
    ...(goesOn ? [`Write “${TRY_AGAIN}” to go on from here. What is done stays done.`] : []),
  ].join("\n\n");
}

/** Describes what was undone, and what could not be and why. */
export function describeUndone(undone: readonly Undone[]): string[] {
  const callOf = ({ tool, args }: Undone) => `${tool} ${cutText(JSON.stringify(args), MAX_ERROR_BYTES)}`;
  const isUndone = ({ status }: Undone) => status === "undone";
  return [
    list("Undone:", undone.filter(isUndone), callOf),
    list(
      "Could not be undone, so it still holds:",
      undone.filter((one) => !isUndone(one)),
      (one) => {
        return `${callOf(one)} (${firstLine(one.reason ?? "no reason was given", MAX_ERROR_BYTES)})`;
      },
    ),
  ].filter((section) => section !== "");
}

function listProgress(state: AgentState): string[] {
  const { plan, pastSteps } = state;
  const steps = new Map(plan.map((step) => [step.id, step]));
  const wordsOf = ({ id, description }: { readonly id: string; readonly description: string }) =>
    writeStepWords(steps.get(id) ?? { id, description }, plan);
  const done = pastSteps.filter(({ status }) => status === "done");
  return [
    list("Done:", done, (result) => `${wordsOf(result)}: ${toLine(result.output ?? null)}`),
    list("Not right:", unresolvedTrouble(state), (result) => {
      return `${wordsOf(result)} (${result.status}): ${firstLine(result.error?.message ?? "no reason was given", MAX_ERROR_BYTES)}`;
    }),
    list("Left:", leftSteps(state), wordsOf),
  ].filter((section) => section !== "");
}

function list<T>(title: string, items: readonly T[], toLineOf: (item: T) => string): string {
  return items.length === 0 ? "" : [title, ...items.map((item) => `- ${toLineOf(item)}`)].join("\n");
}

function toLine(output: JsonValue): string {
  return cutText(typeof output === "string" ? output : JSON.stringify(output), MAX_OUTPUT_BYTES);
}
