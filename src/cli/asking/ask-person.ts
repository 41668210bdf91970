import { isDeepStrictEqual } from "node:util";
import { toDuration } from "../../base/index.js";
import { toOneLine } from "../showing/index.js";
import { askAbout } from "./ask-about.js";
import {
  type Choice,
  describeAction,
  describeChoice,
  type ResumeDecision,
  toDecision,
} from "./describe-action.js";
import type { Draft, EditContext } from "./edit-action.js";
import type { PendingRequest } from "./pending-request.js";
import { createPrompter } from "./prompter.js";

/** The value that resumes a waiting run. */
export interface ResumeValue {
  readonly requestId: string;
  readonly decisions: readonly ResumeDecision[];
  readonly decidedBy?: string;
}

/** Asks a person about everything that waits. Returns undefined if they postpone it or end the run. */
export type PersonAsker = (request: PendingRequest) => Promise<ResumeValue | undefined>;

/** The choices and drafts for a request so far, by each action's position. */
interface Progress {
  readonly actions: PendingRequest["actionRequests"];
  readonly choices: Map<number, Choice>;
  readonly drafts: Map<number, Draft>;
}

const MAX_REASON = 2_000;

/**
 * Asks in the terminal. Nothing is sent before every action is decided. If there are several, or if something was
 * edited, the person also confirms. After a refusal the person starts from what they chose and typed before.
 */
export function createPersonAsker(given: Omit<EditContext, "prompter">): PersonAsker {
  let before: Progress | undefined;
  return async (request) => {
    const prompter = createPrompter(given.surroundings);
    try {
      const progress = goOn(request, before);
      before = progress;
      prompter.say(introduction(request, given));
      const isDecided = await decideAll(request, progress, { ...given, prompter });
      if (!isDecided) {
        return undefined;
      }
      const { requestId, actionRequests } = request;
      const decisions = actionRequests.flatMap((action, index) => {
        const choice = progress.choices.get(index);
        return choice === undefined ? [] : [toDecision(action, choice)];
      });
      const { userName } = given.surroundings;
      return { requestId, decisions, ...(userName === undefined ? {} : { decidedBy: userName }) };
    } finally {
      prompter.close();
    }
  };
}

/** Continues after a refusal. A single decision is asked for again; several choices can be changed. */
function goOn({ error, actionRequests: actions }: PendingRequest, before: Progress | undefined): Progress {
  // A late answer leads to a request with a new id. What was typed still holds if the actions are the same.
  if (error === undefined || before === undefined || !isDeepStrictEqual(before.actions, actions)) {
    return { actions, choices: new Map(), drafts: new Map() };
  }
  if (actions.length > 1) {
    return before;
  }
  const drafts = [...before.drafts].map(([index, { text }]) => [index, { text, problems: [error] }] as const);
  return { actions, choices: new Map(), drafts: new Map(drafts) };
}

function introduction(
  { actionRequests, error, expiresAt }: PendingRequest,
  { dependenciesOf, surroundings }: Omit<EditContext, "prompter">,
): string {
  const count = actionRequests.length;
  const refused = error === undefined ? "" : `\nThe answer was not taken: ${toOneLine(error, MAX_REASON)}\n`;
  const several =
    count === 1
      ? ""
      : `\n${count} actions wait for you. Nothing is sent before you have decided about each.\n`;
  const actions = actionRequests.map((action, index) => {
    const number = count === 1 ? "" : `${index + 1}. `;
    return `\n${number}${describeAction(action, dependenciesOf)}`;
  });
  const expiry = expiresAt === undefined ? "" : `\n${describeExpiry(expiresAt, surroundings.now())}\n`;
  return `${refused}${several}${actions.join("")}${expiry}\n`;
}

/** Says how long a request can be answered. */
export function describeExpiry(expiresAt: string, nowMs: number): string {
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) {
    return `It expired at ${toOneLine(expiresAt, 40)}.`;
  }
  return `It can be answered until ${toOneLine(expiresAt, 40)} (${toDuration(leftMs)} from now).`;
}

async function decideAll(
  { actionRequests }: PendingRequest,
  { choices, drafts }: Progress,
  context: EditContext,
): Promise<boolean> {
  const count = actionRequests.length;
  const firstOpen = () => actionRequests.findIndex((_, index) => !choices.has(index));
  for (let index = firstOpen(); ; ) {
    const action = actionRequests[index];
    if (action === undefined) {
      const needsWord = count > 1 || [...choices.values()].some(({ type }) => type === "edit");
      const confirmed = needsWord ? await confirm(actionRequests, choices, context) : "send";
      if (confirmed === "send" || confirmed === "leave") {
        return confirmed === "send";
      }
      index = confirmed;
      continue;
    }
    const move = await askAbout({ action, index, count, draft: drafts.get(index) }, context);
    switch (move.kind) {
      case "leave":
        return false;
      case "back":
        index = Math.max(0, index - 1);
        continue;
      case "all":
        for (const [open, { allowedDecisions }] of actionRequests.entries()) {
          const isAllowed = allowedDecisions.includes(move.choice.type);
          if (isAllowed && !choices.has(open)) {
            choices.set(open, move.choice);
          }
        }
        break;
      case "edit":
        setOrDelete(drafts, index, move.edit.draft);
        if (move.edit.choice === undefined) {
          continue;
        }
        choices.set(index, move.edit.choice);
        break;
      case "choose":
        choices.set(index, move.choice);
    }
    index = firstOpen();
  }
}

/** Shows the choices. Returns the position of the action to change, or that the answer may be sent. */
async function confirm(
  actions: PendingRequest["actionRequests"],
  choices: ReadonlyMap<number, Choice>,
  { prompter }: EditContext,
): Promise<number | "send" | "leave"> {
  const count = actions.length;
  const chosen = actions.map((action, index) => {
    const choice = choices.get(index);
    return choice === undefined
      ? ""
      : `  ${count === 1 ? "" : `${index + 1}. `}${describeChoice(action, choice)}`;
  });
  prompter.say(`\nThis is what you decided:\n${chosen.join("")}`);
  const change = count === 1 ? "b: back" : `1 to ${count}: change that one`;
  for (;;) {
    const line = (await prompter.ask(`Send it? y: yes, ${change}, q: decide later: `))?.toLowerCase();
    if (line === undefined || line === "q") {
      return "leave";
    }
    if (line === "y" || line === "yes") {
      return "send";
    }
    if (line === "b") {
      return count - 1;
    }
    if (/^\d+$/.test(line) && Number(line) >= 1 && Number(line) <= count) {
      return Number(line) - 1;
    }
  }
}

function setOrDelete<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | undefined): void {
  if (value === undefined) {
    map.delete(key);
  } else {
    map.set(key, value);
  }
}
