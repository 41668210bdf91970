import { isRecord, toVisible, toVisibleJson } from "../../base/index.js";
import type { ToolDescription } from "../../tools/index.js";
import type { DependenciesOf } from "../showing/index.js";
import { describePlan } from "./describe-action.js";
import type { PendingAction } from "./pending-request.js";

/** What a person may edit: a text with explaining comments. */
export interface Editable {
  readonly fileName: string;
  /** The file's whole text: the draft, and what is wrong with it. */
  readonly toText: (draft: string, problems: readonly string[]) => string;
  /** The file's text without the comments. */
  readonly fromText: (text: string) => string;
  /** The draft of the unchanged action. */
  readonly original: string;
  /** Reads a draft: its arguments, or what is wrong with it. */
  readonly read: (draft: string) => ReadDraft;
}

/** The arguments of a draft, or what is wrong with it. */
export type ReadDraft =
  | { readonly ok: true; readonly args: Record<string, unknown> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What the tools know about their calls. */
export interface ToolKnowledge {
  readonly describe: (name: string) => ToolDescription | undefined;
  readonly checkArgs: (name: string, args: unknown) => readonly string[];
}

/** A text argument named `plan` is edited as a plan, one step a line. Everything else is edited as JSON. */
export function toEditable(
  action: PendingAction,
  tools: ToolKnowledge,
  dependenciesOf: DependenciesOf,
): Editable {
  const { plan } = action.args;
  return action.steps !== undefined && typeof plan === "string"
    ? planText(plan, describePlan(action.steps, dependenciesOf), action.args)
    : argumentsText(action, tools);
}

const CLOSING =
  "Save and close the editor to go on. An empty file, or one that is as it was, changes nothing.";

/**
 * Makes a plan editable; `details` describes its steps in full. The file shows each line as it is shown everywhere,
 * with invisible characters written out. A line that the person leaves alone is read back as the original.
 */
export function planText(plan: string, details: string, args: PendingAction["args"] = {}): Editable {
  const explanation = [
    "The steps that are still to be done, one a line: the step's [id], what runs, and last what is said of it.",
    "A line is the step whose [id] it begins with, wherever it stands. What it shows is what runs, so its tool and its",
    "arguments may be changed. Words in place of a call are for an agent, which has all tools; so is a new line of words,",
    "without an [id]. Delete a line and its step is dropped.",
    `Lines that begin with # are left out. ${CLOSING}`,
    "",
    ...details.trimEnd().split("\n"),
  ];
  const lines = plan.split("\n");
  const visible = new Map(lines.map((line) => [line, toVisible(line)]));
  const shown = new Map(lines.map((line) => [toVisible(line), line]));
  return {
    fileName: "plan.txt",
    original: plan,
    toText: (draft, problems) =>
      `${replaceLines(draft, visible).trimEnd()}\n\n${toComments("#", explanation, problems)}`,
    fromText: (text) =>
      replaceLines(
        withoutComments(text, "#")
          .replaceAll(/^\s*\n/gm, "")
          .trimEnd(),
        shown,
      ),
    read: (draft) => ({ ok: true, args: { ...args, plan: draft } }),
  };
}

function argumentsText({ name, args }: PendingAction, tools: ToolKnowledge): Editable {
  const tool = tools.describe(name);
  const explanation = [
    `What ${name} is called with, as JSON.`,
    ...(tool === undefined ? [] : [tool.description, ...describeParameters(tool)]),
    `Lines that begin with // are left out. ${CLOSING}`,
  ];
  return {
    fileName: "arguments.jsonc",
    original: toVisibleJson(args, 2),
    toText: (draft, problems) => `${draft.trimEnd()}\n\n${toComments("//", explanation, problems)}`,
    fromText: (text) => withoutComments(text, "//").trim(),
    read: (draft) => readArguments(draft, name, tools),
  };
}

function readArguments(draft: string, name: string, tools: ToolKnowledge): ReadDraft {
  let args: unknown;
  try {
    args = JSON.parse(draft);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    return { ok: false, problems: [`This is no JSON: ${error.message}${lineOf(draft, error)}.`] };
  }
  if (!isRecord(args)) {
    return { ok: false, problems: ["The arguments must be one object: { … }."] };
  }
  const problems = tools.checkArgs(name, args);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, args };
}

/** Finds the line of a syntax error. Node 20 reports only the position. */
function lineOf(draft: string, { message }: SyntaxError): string {
  const position = /at position (\d+)$/.exec(message)?.[1];
  return position === undefined ? "" : ` (line ${draft.slice(0, Number(position)).split("\n").length})`;
}

function describeParameters({ parameters }: ToolDescription): string[] {
  const { properties, required } = parameters;
  if (!isRecord(properties)) {
    return [];
  }
  const needed = new Set<unknown>(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, schema]) => {
    const { type, description } = isRecord(schema) ? schema : {};
    const facts = [typeof type === "string" ? type : "", needed.has(name) ? "" : "may be left out"];
    const shown = facts.filter(Boolean).join(", ");
    return `  ${name}${shown && ` (${shown})`}${typeof description === "string" ? `: ${description}` : ""}`;
  });
}

function toComments(mark: string, explanation: readonly string[], problems: readonly string[]): string {
  const wrong = problems.length === 0 ? [] : ["NOT TAKEN:", ...problems.map((problem) => `  ${problem}`), ""];
  return [...wrong, ...explanation]
    .flatMap((text) => toVisible(text).split("\n"))
    .map((line) => `${`${mark} ${line}`.trimEnd()}\n`)
    .join("");
}

function replaceLines(text: string, by: ReadonlyMap<string, string>): string {
  return text
    .split("\n")
    .map((line) => by.get(line) ?? line)
    .join("\n");
}

function withoutComments(text: string, mark: string): string {
  return text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith(mark))
    .join("\n");
}
