import { type Answer, answersTo, type Reply, readReply } from "./answers.js";
import { type Choice, describeAction } from "./describe-action.js";
import { type Draft, type EditContext, type EditEnd, editAction, editorOf } from "./edit-action.js";
import type { PendingAction } from "./pending-request.js";
import type { Prompter } from "./prompter.js";

/** An action to ask about, its position among the waiting ones, and what was typed for it before. */
export interface AskedAction {
  readonly action: PendingAction;
  readonly index: number;
  readonly count: number;
  readonly draft?: Draft;
}

/** What a person wants next, after a question about one action. */
export type Move =
  | { readonly kind: "choose" | "all"; readonly choice: Choice }
  | { readonly kind: "edit"; readonly edit: EditEnd }
  | { readonly kind: "back" | "leave" };

/** Asks about one action until the person gives an answer that can be carried out. */
export async function askAbout(asked: AskedAction, context: EditContext): Promise<Move> {
  const { prompter } = context;
  const answers = answersTo(asked.action);
  const question = questionFor(asked, answers);
  for (;;) {
    const line = await prompter.ask(question);
    if (line === undefined) {
      return { kind: "leave" };
    }
    const move = await follow(readReply(line, answers), asked, context);
    if (move !== undefined) {
      return move;
    }
  }
}

function questionFor({ index, count }: AskedAction, answers: readonly Answer[]): string {
  const place = count === 1 ? "" : `[${index + 1} of ${count}] `;
  const labels = answers.map(({ label, typed: [letter] }) => `${label} (${letter})`);
  return `${place}${labels.join(", ")}, or ? for more: `;
}

async function follow(reply: Reply, asked: AskedAction, context: EditContext): Promise<Move | undefined> {
  const { action, count, draft } = asked;
  const { prompter, dependenciesOf } = context;
  switch (reply.kind) {
    case "answer":
      if (reply.answer.type === "edit") {
        return { kind: "edit", edit: await editAction(action, draft, context) };
      }
      return choose(reply.answer, reply.words, prompter);
    case "all":
      return count === 1 ? undefined : chooseForAll(answersTo(action), prompter);
    case "back":
    case "leave":
      return { kind: reply.kind };
    case "show":
      prompter.say(`\n${describeAction(action, dependenciesOf)}\n`);
      return undefined;
    case "help":
      prompter.say(helpFor(asked, context));
      return undefined;
  }
}

const WHY = "Why? Your words go to the model (Enter: none, b: back): ";

async function choose(answer: Answer, words: string, prompter: Prompter): Promise<Move | undefined> {
  if (answer.type === "respond") {
    const said = words === "" ? await prompter.ask("Your answer (Enter: back): ") : words;
    if (said === undefined) {
      return { kind: "leave" };
    }
    return said === "" ? undefined : { kind: "choose", choice: { type: "respond", response: said } };
  }
  if (answer.type !== "reject") {
    return { kind: "choose", choice: { type: "approve" } };
  }
  if (answer.words === "none" || words !== "") {
    return rejection(words);
  }
  const isRequired = answer.words === "required";
  const why = await prompter.ask(isRequired ? "Your hint (Enter: back): " : WHY);
  if (why === undefined) {
    return { kind: "leave" };
  }
  return why === (isRequired ? "" : "b") ? undefined : rejection(why);
}

function rejection(message: string): Move {
  return { kind: "choose", choice: { type: "reject", ...(message === "" ? {} : { message }) } };
}

async function chooseForAll(answers: readonly Answer[], prompter: Prompter): Promise<Move | undefined> {
  const usable = answers.filter(({ type }) => type !== "edit" && type !== "respond");
  const labels = usable.map(({ label, typed: [letter] }) => `${label} (${letter})`);
  const line = await prompter.ask(`All that you have not decided: ${labels.join(", ")}, or back (b): `);
  if (line === undefined) {
    return { kind: "leave" };
  }
  const reply = readReply(line, usable);
  const move = reply.kind === "answer" ? await choose(reply.answer, reply.words, prompter) : undefined;
  return move?.kind === "choose" ? { ...move, kind: "all" } : move;
}

function helpFor({ action, count }: AskedAction, { surroundings }: EditContext): string {
  const answers = answersTo(action).map(({ label, typed: [letter], help, type }) => {
    const editor = type === "edit" ? ` (${editorOf(surroundings.environment)}; EDITOR names another)` : "";
    return `${letter}  ${label}: ${help}${editor}`;
  });
  const lines = [
    ...answers,
    "s  show it again, whole",
    ...(count === 1 ? [] : ["b  back to the one before", "all  the same for all that you have not decided"]),
    "q  decide later: nothing is sent, and the run goes on waiting",
  ];
  return lines.map((line) => `  ${line}\n`).join("");
}
