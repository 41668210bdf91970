import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { textOf, textSchema } from "../text-stats.js";
import { createFileRoot, type FileRoot, type FileRootOptions } from "./file-root.js";

const path = z.string().describe("Path of the file, from the root folder: notes/today.txt.");

/** Creates the tool that reads a text file: `{ path }` → its text. */
export function createReadFileTool(files: FileRoot) {
  return tool((input, config) => files.readText(input.path, config), {
    name: "read_file",
    description: "Reads a text file and gives its whole text.",
    schema: z.object({ path }),
    // If this were read as JSON and serialized again, copying one file to another would change its text.
    metadata: { readOnly: true, output: "text" },
  });
}

const writeSchema = z.object({
  path,
  content: textSchema.describe("The text to write; anything else is written as JSON."),
});

/** Creates the tool that writes a text file: `{ path, content }` → `{ path, bytes }`. */
export function createWriteFileTool(files: FileRoot) {
  return tool((input, config) => files.writeText(input.path, textOf(input.content), config), {
    name: "write_file",
    description: "Writes a text file, in place of one that is there; makes the folders on the way.",
    schema: writeSchema,
    metadata: { readOnly: false, outputExample: { path: "", bytes: 0 } },
  });
}

/** Creates the check whether a call of `write_file` would replace a file that says something else. */
export function createReplaceCheck(options: FileRootOptions) {
  const files = createFileRoot(options);
  return async (args: unknown): Promise<boolean> => {
    const { success, data } = writeSchema.safeParse(args);
    return success && (await files.wouldReplace(data.path, textOf(data.content)));
  };
}

/** Creates the tool that lists a folder: `{ path? }` → a list of `{ path, bytes, isDirectory }`. */
export function createListFilesTool(files: FileRoot) {
  return tool((input, config) => files.list(input.path || ".", config), {
    name: "list_files",
    description: "Lists the files and folders in a folder.",
    schema: z.object({ path: z.string().nullish().describe("The folder; left out: the root folder.") }),
    metadata: { readOnly: true, outputExample: [{ path: "", bytes: 0, isDirectory: false }] },
  });
}

/** Creates the tools for the files inside one folder: read_file, write_file, list_files. */
export function createFileTools(options: FileRootOptions) {
  const files = createFileRoot(options);
  return [createReadFileTool(files), createWriteFileTool(files), createListFilesTool(files)] as const;
}
