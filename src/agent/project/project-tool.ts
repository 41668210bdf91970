import { posix } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { type AgentTool, BuiltinToolError, type FileRoot } from "../../tools/index.js";

/** A skill of a project. */
export interface Skill {
  readonly name: string;
  readonly description: string;
  /** Its folder, from the project's. */
  readonly place: string;
}

/** The file in which a project tells how its work is done. */
export const NOTES = "AGENTS.md";
/** The tool with which a step reads it, or a skill. */
export const READ_PROJECT = "read_project";

/** Creates the tool that reads the project's text: `{ name, file? }` → the text. */
export function createProjectTool(files: FileRoot, hasNotes: boolean, skills: readonly Skill[]): AgentTool {
  const places = new Map(skills.map(({ name, place }) => [name, place]));
  const names = [...(hasNotes ? [NOTES] : []), ...places.keys()];
  const schema = z.object({
    name: z.enum(names).describe("Whose text."),
    file: z.string().nullish().describe("A file in the skill's folder; left out: the skill itself."),
  });
  return tool(
    ({ name, file }: z.output<typeof schema>) => {
      const place = places.get(name);
      return files.readText(place === undefined ? NOTES : pathIn(place, file || "SKILL.md"));
    },
    {
      name: READ_PROJECT,
      description: `Reads how this project does its work: ${NOTES}, a skill, or a file that a skill names.`,
      schema,
      metadata: { readOnly: true, output: "text" },
    },
  );
}

/** A skill's file is in its own folder. Where links lead is up to those who read files. */
function pathIn(place: string, file: string): string {
  const path = posix.join(place, file);
  if (posix.isAbsolute(file) || !path.startsWith(`${place}/`)) {
    throw new BuiltinToolError("OUTSIDE_ROOT", `"${file}" is outside of the skill's folder.`);
  }
  return path;
}
