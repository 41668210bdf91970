import { existsSync } from "node:fs";
import { posix, resolve, sep } from "node:path";
import { cutText, describeError, isRecord } from "../../base/index.js";
import { OptionsError, PLANS, type Project } from "../../options/index.js";
import type { SavedPlan } from "../../plan/index.js";
import { BuiltinToolError, createFileRoot, type FileRoot } from "../../tools/index.js";
import { createProjectTool, NOTES, type Skill } from "./project-tool.js";
import { toInstructions } from "./to-instructions.js";

/** How a working folder is read. */
export interface LoadProjectOptions {
  /** The folders of skills, relative to the working folder. @default skills, .agents/skills and .claude/skills */
  readonly skills?: readonly string[];
}

const SKILL_FOLDERS = ["skills", ".agents/skills", ".claude/skills"];
const SKILL_FILE = "SKILL.md";
/** The most bytes of a file that is read. */
const MAX_FILE_BYTES = 100_000;
const MAX_SKILLS = 100;
const MAX_DESCRIPTION_BYTES = 1_000;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u;
const FRONTMATTER = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/s;

/** A skill, with the saved plans that it carries. */
interface LoadedSkill extends Skill {
  readonly plans: readonly SavedPlan[];
}

/**
 * Reads what a working folder says: AGENTS.md, and the skills in its folders of skills. A skill is a folder with a
 * SKILL.md that begins with `name` and `description`, and may have saved plans in files that `plans` names. Nothing
 * outside of the folder is read. What cannot be used is left out, and a warning says why.
 */
export async function loadProject(
  folder: string,
  { skills: places }: LoadProjectOptions = {},
): Promise<Project> {
  const root = resolve(folder);
  if (!existsSync(root)) {
    throw new OptionsError("The project", [`${root}: there is no such folder`]);
  }
  const warnings: string[] = [];
  const hidden = (places ?? SKILL_FOLDERS).flatMap((place) =>
    place.split(/[\\/]/).filter((name) => /^\.[^.]/.test(name)),
  );
  const files = createFileRoot({ root, hidden, maxBytes: MAX_FILE_BYTES });
  const notes = await attempt(NOTES, warnings, () => files.readText(NOTES));
  const skills: LoadedSkill[] = [];
  for (const place of await listSkills(files, places ?? SKILL_FOLDERS, places !== undefined, warnings)) {
    const skill = await attempt(`${place}/${SKILL_FILE}`, warnings, () => loadSkill(files, place, warnings));
    const isTwice = skills.some(({ name }) => name === skill?.name);
    if (skill !== undefined && isTwice) {
      warnings.push(
        `${place}/${SKILL_FILE}: there is another skill of the name ${skill.name}; this one is left out`,
      );
    } else if (skill !== undefined) {
      skills.push(skill);
    }
  }
  const isEmpty = notes === undefined && skills.length === 0;
  return {
    instructions: isEmpty ? "" : toInstructions(notes, skills),
    tools: isEmpty ? [] : [createProjectTool(files, notes !== undefined, skills)],
    plans: skills.flatMap(({ plans }) => plans),
    warnings,
  };
}

/** The folders that may hold a skill. */
async function listSkills(
  files: FileRoot,
  places: readonly string[],
  areNamed: boolean,
  warnings: string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    const path = place.split(sep).join("/");
    const entries = await attempt(path, warnings, () => files.list(path), !areNamed);
    found.push(...(entries ?? []).filter(({ isDirectory }) => isDirectory).map((entry) => entry.path));
  }
  if (found.length > MAX_SKILLS) {
    warnings.push(`there are ${found.length} skills; those after the first ${MAX_SKILLS} are left out`);
  }
  return found.slice(0, MAX_SKILLS);
}

async function loadSkill(files: FileRoot, place: string, warnings: string[]): Promise<LoadedSkill> {
  const text = await files.readText(`${place}/${SKILL_FILE}`);
  const { parse } = await import("yaml");
  const [, head] = FRONTMATTER.exec(text) ?? [];
  const said: unknown = head === undefined ? undefined : parse(head, { logLevel: "silent" });
  const { name, description, plans } = isRecord(said) ? said : {};
  if (typeof name !== "string" || !NAME.test(name) || name === NOTES) {
    throw new BuiltinToolError("INVALID_DOCUMENT", "it must begin with --- and a name without blanks");
  }
  if (typeof description !== "string" || description.trim() === "") {
    throw new BuiltinToolError("INVALID_DOCUMENT", "it must say what it is for: description");
  }
  const loaded: SavedPlan[] = [];
  for (const file of [plans ?? []].flat().map(String)) {
    const path = posix.join(place, file);
    const read = await attempt(path, warnings, () => readPlans(files, path, place), false);
    loaded.push(...(read ?? []));
  }
  return {
    name,
    description: cutText(description.replaceAll(/\s+/g, " ").trim(), MAX_DESCRIPTION_BYTES),
    place,
    plans: loaded,
  };
}

async function readPlans(files: FileRoot, path: string, place: string): Promise<readonly SavedPlan[]> {
  if (!path.startsWith(`${place}/`)) {
    throw new BuiltinToolError("OUTSIDE_ROOT", "it is outside of the skill's folder");
  }
  const { parse } = await import("yaml");
  const read: unknown = parse(await files.readText(path), { logLevel: "silent" });
  const { success, data, error } = PLANS.safeParse(Array.isArray(read) ? read : [read]);
  if (success) {
    return data;
  }
  const [issue] = error.issues;
  throw new BuiltinToolError("INVALID_DOCUMENT", `${issue?.path.map(String).join(".")}: ${issue?.message}`);
}

/** Does the work. If that fails, it is a warning, unless there is nothing where something may be. */
async function attempt<Value>(
  path: string,
  warnings: string[],
  work: () => Promise<Value>,
  mayBeMissing = true,
): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) {
      throw error;
    }
    const isMissing = error instanceof BuiltinToolError && error.code === "NOT_FOUND";
    if (!isMissing || !mayBeMissing) {
      warnings.push(`${path} is left out: ${describeError(error)}`);
    }
    return undefined;
  }
}
