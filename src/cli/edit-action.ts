import { isDeepStrictEqual } from "node:util";
import { toVisible } from "../plan/index.js";
import type { Choice } from "./choice.js";
import { editText } from "./edit-text.js";
import { type ToolKnowledge, toEditable } from "./editable.js";
import { toOneLine } from "./line.js";
import type { PendingAction } from "./pending-request.js";
import type { DependenciesOf } from "./progress.js";
import type { Prompter } from "./prompter.js";
import type { Surroundings } from "./surroundings.js";

/** What a person typed for an action, and what was wrong with it. */
export interface Draft {
  readonly text: string;
  readonly problems: readonly string[];
}

/** What came of an edit: a choice, or what is to be kept for the next try. */
export interface EditEnd {
  readonly choice?: Choice;
  /** What was typed; undefined where nothing was. */
  readonly draft?: Draft;
}

/** What is needed to let a person edit. */
export interface EditContext {
  readonly prompter: Prompter;
  readonly surroundings: Surroundings;
  readonly tools: ToolKnowledge;
  readonly dependenciesOf: DependenciesOf;
}

const MAX_PROBLEM = 500;

/** Lets the person edit an action until it can be read or they give up; what they typed is never lost. */
export async function editAction(
  action: PendingAction,
  before: Draft | undefined,
  { prompter, surroundings, tools, dependenciesOf }: EditContext,
): Promise<EditEnd> {
  const editable = toEditable(action, tools, dependenciesOf);
  for (let draft = before; ; ) {
    const { text, problems } = draft ?? { text: editable.original, problems: [] };
    const file = { fileName: editable.fileName, text: editable.toText(text, problems) };
    const edited = await prompter.leaveTerminal(() => editText(file, surroundings));
    if (!edited.ok) {
      prompter.say(`${toVisible(edited.message)}\n`);
      return { draft };
    }
    const typed = editable.fromText(edited.text);
    const read = editable.read(typed);
    // For guidance what is left, as it is, is an answer too: do it again.
    const isSame = action.kind !== "guidance" && read.ok && isDeepStrictEqual(read.args, action.args);
    if (typed === "" || isSame) {
      prompter.say("Nothing was changed.\n");
      return {};
    }
    draft = { text: typed, problems: read.ok ? [] : read.problems };
    if (read.ok) return { choice: { type: "edit", args: read.args }, draft };
    const shown = read.problems.map((problem) => `  ${toOneLine(problem, MAX_PROBLEM)}\n`);
    prompter.say(`It cannot be used so:\n${shown.join("")}`);
    const again = await prompter.ask("Enter: edit it again, b: back (what you typed is kept): ");
    if (again !== "") return { draft };
  }
}
