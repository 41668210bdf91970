import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { toVisible } from "../../base/index.js";
import { type DependenciesOf, toOneLine } from "../showing/index.js";
import type { Surroundings } from "../surroundings.js";
import type { Choice } from "./describe-action.js";
import { type ToolKnowledge, toEditable } from "./editable.js";
import type { PendingAction } from "./pending-request.js";
import type { Prompter } from "./prompter.js";

/**
 * Splits a command line such as `code --wait` into words. Quotes keep a word together. Nothing else has a meaning:
 * there are no variables, no globs and no second command.
 */
export function splitCommand(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  );
}

/** The text that came from an editor, or why there is none. */
type EditedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** The editor if none is set: POSIX guarantees it. */
const USUAL_EDITOR = "vi";

/** The command line of the person's editor. */
export function editorOf({ VISUAL, EDITOR }: Surroundings["environment"]): string {
  return [VISUAL, EDITOR].find((editor) => editor?.trim()) ?? USUAL_EDITOR;
}

/**
 * Lets the person edit a text in their editor. Only they can read the file. It lies in a folder of its own and is
 * removed afterwards. No shell is involved: the editor's words are split here, and the path is one more word.
 */
export async function editText(
  { fileName, text }: { readonly fileName: string; readonly text: string },
  { environment, temporaryFolder, runProgram }: Surroundings,
): Promise<EditedText> {
  const editor = editorOf(environment);
  const [program = USUAL_EDITOR, ...words] = splitCommand(editor);
  const folder = await mkdtemp(join(temporaryFolder, "plan-execute-"));
  try {
    const path = join(folder, fileName);
    await writeFile(path, text, { mode: 0o600, flag: "wx" });
    const exitCode = await runProgram(program, [...words, path]);
    if (exitCode !== 0) {
      return { ok: false, message: `The editor ${editor} ended with ${exitCode}.` };
    }
    return { ok: true, text: await readFile(path, "utf8") };
  } catch (error) {
    if (!isSystemError(error)) {
      throw error;
    }
    const advice = "Set EDITOR to an editor that is there, such as EDITOR=nano.";
    return { ok: false, message: `The editor ${editor} did not work: ${error.message}. ${advice}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && "syscall" in error;
}

/** What a person typed for an action, and what was wrong with it. */
export interface Draft {
  readonly text: string;
  readonly problems: readonly string[];
}

/** The result of an edit: a choice, or a draft for the next try. */
export interface EditEnd {
  readonly choice?: Choice;
  /** What was typed; undefined if nothing was. */
  readonly draft?: Draft;
}

export interface EditContext {
  readonly prompter: Prompter;
  readonly surroundings: Surroundings;
  readonly tools: ToolKnowledge;
  readonly dependenciesOf: DependenciesOf;
}

const MAX_PROBLEM = 500;

/** Lets the person edit an action until it can be read or they give up. What they typed is never lost. */
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
    // For guidance, the unchanged plan is an answer too: it means "try it again".
    const isSame = action.kind !== "guidance" && read.ok && isDeepStrictEqual(read.args, action.args);
    if (typed === "" || isSame) {
      prompter.say("Nothing was changed.\n");
      return {};
    }
    draft = { text: typed, problems: read.ok ? [] : read.problems };
    if (read.ok) {
      return { choice: { type: "edit", args: read.args }, draft };
    }
    const shown = read.problems.map((problem) => `  ${toOneLine(problem, MAX_PROBLEM)}\n`);
    prompter.say(`It cannot be used so:\n${shown.join("")}`);
    const again = await prompter.ask("Enter: edit it again, b: back (what you typed is kept): ");
    if (again !== "") {
      return { draft };
    }
  }
}
