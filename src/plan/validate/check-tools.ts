import { type JsonValue, quote, quoteAll } from "../../base/index.js";
import { followPath } from "../fill-references.js";
import type { PlanIssue } from "../plan-issue.js";
import { argumentNames, createArgsParser, type SchemaIssue } from "../plan-tool.js";
import { findReferences } from "../references.js";
import { didYouMean, type PlanView, type StepView, stepLabel } from "./plan-view.js";

/** Finds tools and workers that do not exist, and arguments that a tool would refuse. */
export function checkTools(view: PlanView): PlanIssue[] {
  const { tools } = view;
  if (tools === undefined) {
    return [];
  }
  const parsers = new Map<string, (args: unknown) => SchemaIssue[]>();
  return view.steps.flatMap((step): PlanIssue[] => {
    if (step.worker !== undefined) {
      return checkWorker(step, step.worker, view);
    }
    if (step.tool === undefined) {
      const unknown = (step.tools ?? []).filter((name) => !tools.has(name));
      return unknown.map((name) => toUnknownTool(step, "tools", name, view));
    }
    const at = step.id === undefined ? {} : { stepId: step.id };
    const tool = tools.get(step.tool);
    if (tool === undefined) {
      return [toUnknownTool(step, "tool", step.tool, view)];
    }
    if (step.args === undefined) {
      return [];
    }
    const parse = parsers.get(tool.name) ?? createArgsParser(tool.schema);
    parsers.set(tool.name, parse);
    return findArgumentIssues(step.args, tool.schema, parse).map(({ path, text, unknown }) => {
      const hint = unknown === undefined ? "" : didYouMean(view, unknown.name, unknown.known);
      const message = `${stepLabel(step)}: ${quote(tool.name)} ${text}${hint}`;
      return { code: "invalid-args", ...at, message, path };
    });
  });
}

/** A worker has tools of its own, and nobody can give it arguments. */
function checkWorker(step: StepView, name: string, { workers = [], ...view }: PlanView): PlanIssue[] {
  const at = step.id === undefined ? {} : { stepId: step.id };
  if (!workers.includes(name)) {
    const others =
      workers.length === 0
        ? ' There are none: leave "worker" out.'
        : ` The workers are ${quoteAll(workers)}.`;
    const message = `${stepLabel(step)}: there is no worker ${quote(name)}.${didYouMean(view, name, workers)}${others}`;
    return [{ code: "unknown-worker", ...at, message }];
  }
  return (["tool", "args", "tools"] as const)
    .filter((field) => step[field] !== undefined)
    .map((field) => ({
      code: "malformed",
      ...at,
      message: `${stepLabel(step)}: it has "worker" and "${field}". The worker ${quote(name)} works from the description alone, with its own tools: leave one of the two out.`,
      path: [field],
    }));
}

function toUnknownTool(step: StepView, field: "tool" | "tools", name: string, view: PlanView): PlanIssue {
  const names = [...(view.tools ?? new Map()).keys()];
  if (view.workers?.includes(name)) {
    const message = `${stepLabel(step)}: ${quote(name)} is no tool but a worker. Write "worker": ${quote(name)}, and what it is to do as the description.`;
    return { code: "unknown-tool", ...(step.id !== undefined && { stepId: step.id }), message };
  }
  const hint =
    names.length === 0 ? ` There are none: leave "${field}" out.` : ` The tools are ${quoteAll(names)}.`;
  const message = `${stepLabel(step)}: there is no tool ${quote(name)}.${didYouMean(view, name, names)}${hint}`;
  return { code: "unknown-tool", ...(step.id !== undefined && { stepId: step.id }), message };
}

/** An objection to an argument: the path to it, and the rest of a sentence that begins with the tool's name. */
interface ArgumentIssue {
  readonly path: string[];
  readonly text: string;
  /** Set if the tool has no such argument: the argument's name, and the names that exist. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

/**
 * Checks arguments against a tool's schema. A place that holds a reference may get any value, so it is not judged.
 * Nor is anything that depends on it: unions around it, and custom rules.
 */
function findArgumentIssues(
  args: Readonly<Record<string, JsonValue>>,
  schema: unknown,
  parse: (args: unknown) => SchemaIssue[],
): ArgumentIssue[] {
  const open = referencePaths(args);
  const known = argumentNames(schema) ?? [];
  return parse(args)
    .filter((issue) => !isUndecided(issue, open))
    .flatMap((issue) => toArgumentIssues(issue, args, known));
}

function isUndecided(issue: SchemaIssue, open: readonly string[][]): boolean {
  const path = issue.path.map(String);
  if (open.some((place) => isPrefix(place, path))) {
    return true;
  }
  if (issue.code === "custom") {
    return open.length > 0;
  }
  return issue.code.startsWith("invalid_union") && open.some((place) => isPrefix(path, place));
}

function toArgumentIssues(
  issue: SchemaIssue,
  args: Readonly<Record<string, JsonValue>>,
  known: readonly string[],
): ArgumentIssue[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const isTop = path.length === 0;
    const takes = isTop && known.length > 0 ? ` It takes ${quoteAll(known)}.` : "";
    return issue.keys.map((name) => ({
      path: [...path, name],
      text: `has no argument ${quote([...path, name].join("."))}.${takes}`,
      ...(isTop && { unknown: { name, known } }),
    }));
  }
  const name = path.length === 0 ? "its arguments" : `the argument ${quote(path.join("."))}`;
  const missing = followPath(args, path).ok ? "" : ", which is missing";
  return [{ path, text: `does not accept ${name}${missing}: ${issue.message}.` }];
}

/** Lists the paths to all strings that hold a reference. */
function referencePaths(value: JsonValue, path: string[] = []): string[][] {
  if (typeof value === "string") {
    return findReferences(value).length > 0 ? [path] : [];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, entry]) => referencePaths(entry, [...path, key]));
}

function isPrefix(prefix: readonly string[], path: readonly string[]): boolean {
  return prefix.every((key, index) => path[index] === key);
}
