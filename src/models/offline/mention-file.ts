import type { Cursor } from "./cursor.js";
import type { PlanDraft } from "./plan-draft.js";
import type { Value } from "./values.js";
import { phrases } from "./words.js";

export const CONTENT_LEADS =
  phrases(`the full contents of | the contents of | the content of | the text of | the text in |
    the contents in | the text from | the contents from | contents of | content of | what is in |
    what is inside | inside of`);

export const FILE_WORDS =
  phrases(`the text file | the csv file | the json file | the log file | the file named | the file called |
    the file | a file named | a file called | a new file called | a new file named | a new file |
    a text file called | a text file named | file | a file | the document | the | a text file |
    my file | my | new file | called | named`);

/** Whether a path is of a table: those are asked with the query tools. */
export function isTable(path: string): boolean {
  return /\.(?:csv|tsv|json)$/i.test(path);
}

/** Reads the mention of a file: its path, or "the file" where one was spoken of. */
export function takeFile(cursor: Cursor, draft: PlanDraft): string | undefined {
  return cursor.attempt(() => {
    cursor.skip(FILE_WORDS);
    const path = cursor.takeKind("path")?.text;
    if (path !== undefined) {
      cursor.take("file", "text file");
      draft.file = path;
      return path;
    }
    return undefined;
  });
}

/** The step that reads a file, made once. */
export function readText(draft: PlanDraft, path: string): Value | undefined {
  const id = draft.addStep("read_file", { path }, `Read ${path}`);
  if (draft.openedFile === path) {
    draft.openedFile = undefined;
  }
  return id === undefined ? undefined : { text: `{{${id}}}`, atomic: true, kind: "text", tags: ["content"] };
}

export function takePaths(cursor: Cursor, draft: PlanDraft): readonly string[] | undefined {
  const paths: string[] = [];
  do {
    const path = takeFile(cursor, draft);
    if (path === undefined) {
      return undefined;
    }
    paths.push(path);
  } while (cursor.take(", and", "and from", "and in", "and of", "and", ",") !== undefined);
  return paths;
}
