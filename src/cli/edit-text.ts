import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { splitCommand } from "./split-command.js";
import type { Surroundings } from "./surroundings.js";

/** What came out of an editor, or why nothing did. */
export type EditedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** What is edited where nothing is set: POSIX has it. */
const USUAL_EDITOR = "vi";

/** The command line of the person's editor. */
export function editorOf({ VISUAL, EDITOR }: Surroundings["environment"]): string {
  return [VISUAL, EDITOR].find((editor) => editor?.trim()) ?? USUAL_EDITOR;
}

/**
 * Lets the person edit a text in their editor. The text lies in a file that only they can read, in a folder of its
 * own, and is gone afterwards. No shell is asked: the editor's words are split here and the path is one of them.
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
    if (exitCode !== 0) return { ok: false, message: `The editor ${editor} ended with ${exitCode}.` };
    return { ok: true, text: await readFile(path, "utf8") };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const advice = "Set EDITOR to an editor that is there, such as EDITOR=nano.";
    return { ok: false, message: `The editor ${editor} did not work: ${error.message}. ${advice}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && "syscall" in error;
}
