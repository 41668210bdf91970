import type { Choice } from "./choice.js";
import { describeAction } from "./describe-action.js";
import { type Draft, type EditContext, type EditEnd, editAction } from "./edit-action.js";
import { editorOf } from "./edit-text.js";
import type { PendingAction } from "./pending-request.js";
import type { Prompter } from "./prompter.js";
import { type Reply, readReply } from "./read-reply.js";

/** An action that is asked about, its place among those that wait, and what was typed for it before. */
export interface AskedAction {
  readonly action: PendingAction;
  readonly index: number;
  readonly count: number;
  readonly draft?: Draft;
}

/** What a person wants, after they were asked about one action. */
export type Move =
  | { readonly kind: "choose" | "all"; readonly choice: Choice }
  | { readonly kind: "edit"; readonly edit: EditEnd }
  | { readonly kind: "back" | "leave" };

/** Asks about one action until the person has said something that can be done. */
export async function askAbout(asked: AskedAction, context: EditContext): Promise<Move> {
  const { prompter } = context;
  const question = questionFor(asked);
  for (;;) {
    const line = await prompter.ask(question);
    const move =
      line === undefined ? ({ kind: "leave" } as const) : await follow(readReply(line), asked, context);
    if (move !== undefined) return move;
  }
}

function questionFor({ action, index, count }: AskedAction): string {
  const place = count === 1 ? "" : `[${index + 1} of ${count}] `;
  const answers = action.allowedDecisions.map((type) => `${type} (${type.charAt(0)})`);
  return `${place}${answers.join(", ")}, or ? for more: `;
}

async function follow(reply: Reply, asked: AskedAction, context: EditContext): Promise<Move | undefined> {
  const { action, count, draft } = asked;
  const { prompter, dependenciesOf } = context;
  const { allowedDecisions } = action;
  switch (reply.kind) {
    case "approve":
    case "edit":
    case "reject":
      if (!allowedDecisions.includes(reply.kind)) {
        prompter.write(`That is not allowed here: ${allowedDecisions.join(" or ")}.\n`);
        return undefined;
      }
      if (reply.kind === "approve") return { kind: "choose", choice: { type: "approve" } };
      if (reply.kind === "reject") return reject(reply.words, prompter);
      return { kind: "edit", edit: await editAction(action, draft, context) };
    case "all":
      return count === 1 ? undefined : chooseForAll(prompter);
    case "back":
    case "leave":
      return { kind: reply.kind };
    case "show":
      prompter.write(`\n${describeAction(action, dependenciesOf)}\n`);
      return undefined;
    case "help":
      prompter.write(helpFor(asked, context));
      return undefined;
  }
}

const WHY = "Why? Your words go to the model (Enter: none, b: back): ";

async function reject(words: string, prompter: Prompter): Promise<Move | undefined> {
  const why = words === "" ? await prompter.ask(WHY) : words;
  if (why === undefined) return { kind: "leave" };
  if (words === "" && why === "b") return undefined;
  return { kind: "choose", choice: { type: "reject", ...(why === "" ? {} : { message: why }) } };
}

async function chooseForAll(prompter: Prompter): Promise<Move | undefined> {
  const line = await prompter.ask("All that you have not decided: approve (a), reject (r), or back (b): ");
  if (line === undefined) return { kind: "leave" };
  const reply = readReply(line);
  if (reply.kind === "approve") return { kind: "all", choice: { type: "approve" } };
  if (reply.kind !== "reject") return undefined;
  const move = await reject(reply.words, prompter);
  return move?.kind === "choose" ? { ...move, kind: "all" } : move;
}

function helpFor({ action, count }: AskedAction, { surroundings }: EditContext): string {
  const can = (type: (typeof action.allowedDecisions)[number]) => action.allowedDecisions.includes(type);
  const lines = [
    can("approve") ? "a  approve: it is done as it is shown" : "",
    can("edit") ? `e  edit it in ${editorOf(surroundings.environment)} (EDITOR names another)` : "",
    can("reject") ? "r  reject it; words after the r go to the model" : "",
    "s  show it again, whole",
    ...(count === 1 ? [] : ["b  back to the one before", "all  the same for all that you have not decided"]),
    "q  decide later: nothing is sent, and the run goes on waiting",
  ];
  return lines.map((line) => (line === "" ? "" : `  ${line}\n`)).join("");
}
