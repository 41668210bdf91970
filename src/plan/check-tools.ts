import { findArgumentIssues } from "./argument-issues.js";
import type { PlanIssue } from "./plan-issue.js";
import { createArgsParser, type SchemaIssue } from "./plan-tool.js";
import { didYouMean, type PlanView, stepLabel } from "./plan-view.js";
import { quote, quoteAll } from "./quote.js";

/** Finds tools that are not there and arguments that a tool would refuse. */
export function checkTools(view: PlanView): PlanIssue[] {
  const { tools } = view;
  if (tools === undefined) return [];
  const parsers = new Map<string, (args: unknown) => SchemaIssue[]>();
  return view.steps.flatMap((step): PlanIssue[] => {
    if (step.tool === undefined) return [];
    const at = step.id === undefined ? {} : { stepId: step.id };
    const tool = tools.get(step.tool);
    if (tool === undefined) {
      const names = [...tools.keys()];
      const hint =
        names.length === 0 ? ' There are none: leave "tool" out.' : ` The tools are ${quoteAll(names)}.`;
      const message = `${stepLabel(step)}: there is no tool ${quote(step.tool)}.${didYouMean(view, step.tool, names)}${hint}`;
      return [{ code: "unknown-tool", ...at, message }];
    }
    if (step.args === undefined) return [];
    const parse = parsers.get(tool.name) ?? createArgsParser(tool.schema);
    parsers.set(tool.name, parse);
    return findArgumentIssues(step.args, tool.schema, parse).map(({ path, text, unknown }) => {
      const hint = unknown === undefined ? "" : didYouMean(view, unknown.name, unknown.known);
      const message = `${stepLabel(step)}: ${quote(tool.name)} ${text}${hint}`;
      return { code: "invalid-args", ...at, message, path };
    });
  });
}
