import type { Arithmetic } from "./arithmetic-phrases.js";
import type { Cursor } from "./cursor.js";
import { CONTENT_LEADS, isTable, readText, takePaths } from "./mention-file.js";
import type { PlanDraft } from "./plan-draft.js";
import { allOf, skipAsks } from "./to-step.js";
import type { Value } from "./values.js";
import { LEADS, phrases, TAILS } from "./words.js";

/** "read notes.txt", "open sales.csv", "show me what is in a.txt". Of a table only the name is kept until it is used. */
export function takeReading(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() =>
    draft.attempt(() => {
      cursor.skip(LEADS);
      const isContext =
        (cursor.peek()?.kind === "path" && cursor.tokens.length === 1) ||
        cursor.take(
          ...phrases(
            `after reading | having read | looking at | in | from | for | using | with | given | consider | take | use`,
          ),
        ) !== undefined;
      const verb = isContext
        ? "context"
        : cursor.take(
            ...phrases(`read through | read in | read out | read | open up | open | load | view | cat | print |
              display | show | look at | look into | look in | parse | check | get | fetch | output |
              what does | what is written in | what is`),
          );
      cursor.take("me", "us", "out");
      const hasContent = cursor.take(...CONTENT_LEADS, "in", "inside", "from") !== undefined;
      if (verb === undefined && !hasContent) {
        return undefined;
      }
      const paths = takePaths(cursor, draft);
      if (paths === undefined) {
        return undefined;
      }
      cursor.take("say", "contain", "hold");
      cursor.skip(TAILS);
      if (!cursor.done) {
        return undefined;
      }
      return openAll(draft, paths, verb === "context", verb);
    }),
  );
}

function openAll(
  draft: PlanDraft,
  paths: readonly string[],
  isContext: boolean,
  verb: string | undefined,
): readonly Value[] | undefined {
  const [only] = paths;
  const mayWait = isContext || /^(?:read|open|load|look|parse|check)/.test(verb ?? "");
  if (paths.length === 1 && only !== undefined && (isTable(only) || isContext) && mayWait) {
    draft.openedFile = only;
    return [];
  }
  if (isContext) {
    return undefined;
  }
  return allOf(paths.map((path) => readText(draft, path)));
}

/** "list the files in docs", "which files are there?". */
export function takeListing({ cursor, draft }: Arithmetic): readonly Value[] | undefined {
  return cursor.attempt(() => {
    skipAsks({ cursor });
    if (
      cursor.take("list", "which", "what") === undefined &&
      !["files", "the", "all"].includes(cursor.word())
    ) {
      return undefined;
    }
    cursor.skip(["all", "the", "me", "of", "available", "existing"]);
    if (cursor.take("files and folders", "files and directories", "files") === undefined) {
      return undefined;
    }
    cursor.skip(phrases(`are | there | available | do | i | we | have | exist | that | contained | stored`));
    cursor.take("in", "of", "under", "inside", "from", "within");
    cursor.skip(
      phrases(`the | folder | directory | this | current | working | here | root | workspace | my`),
    );
    const path = cursor.takeKind("path", "quote")?.text ?? takeFolderWord(cursor);
    cursor.skip(["folder", "directory", ...TAILS]);
    if (!cursor.done) {
      return undefined;
    }
    const id = draft.addStep(
      "list_files",
      path === undefined ? {} : { path },
      path === undefined ? "List the files" : `List the files in ${path}`,
    );
    return id === undefined
      ? undefined
      : [{ text: `{{${id}}}`, atomic: true, kind: "rows", tags: ["files"] }];
  });
}

function takeFolderWord(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (
    token?.kind !== "word" ||
    (cursor.peek(1) !== undefined && !["folder", "directory"].includes(cursor.word(1)))
  ) {
    return undefined;
  }
  cursor.at += 1;
  return token.raw;
}
