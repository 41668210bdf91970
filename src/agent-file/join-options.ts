import { isRecord, withoutUndefined } from "../base/index.js";
import { OptionsError, type PlanExecuteOptions } from "../options/index.js";

/** The sections of options that are joined, one option at a time. */
const SECTIONS = [
  "planner",
  "executor",
  "replanner",
  "answer",
  "toolSearch",
  "approval",
  "limits",
  "experimental",
] as const;

/**
 * Joins the options of a file with those of a caller, which go before them. What waits for a person in the file still
 * waits: a caller can only add to it.
 */
export function joinOptions(own: PlanExecuteOptions, given: PlanExecuteOptions): PlanExecuteOptions {
  const sections = SECTIONS.map((section) => [
    section,
    { ...own[section], ...withoutUndefined(given[section] ?? {}) },
  ]);
  const joined: PlanExecuteOptions = { ...own, ...withoutUndefined(given), ...Object.fromEntries(sections) };
  return {
    ...joined,
    approval: { ...joined.approval, plan: joinPlan(own, given), tools: joinTools(own, given) },
  };
}

type Approval = NonNullable<PlanExecuteOptions["approval"]>;

/** The stricter of two. A function decides for itself, so it goes before what is not always. */
function joinPlan(
  { approval: own }: PlanExecuteOptions,
  { approval: given }: PlanExecuteOptions,
): Approval["plan"] {
  const [before, after] = [own?.plan, given?.plan];
  if (before === undefined || before === false || after === "always") {
    return after ?? before;
  }
  return before;
}

function joinTools(
  { approval: own }: PlanExecuteOptions,
  { approval: given }: PlanExecuteOptions,
): Approval["tools"] {
  const [before, after] = [own?.tools, given?.tools];
  if (before === undefined || after === undefined) {
    return before ?? after;
  }
  if (before === "destructive" || after === "destructive") {
    const others = before === "destructive" ? after : before;
    if (isRecord(others) && Object.values(others).some((rule) => rule !== false)) {
      throw new OptionsError("The options", [
        'approval.tools: one says "destructive" and the other names tools; name them all in one place',
      ]);
    }
    return "destructive";
  }
  // A rule of the file stays, unless it says that its tool does not wait.
  const held = Object.entries(before).filter(([, rule]) => rule !== false);
  return { ...before, ...after, ...Object.fromEntries(held) };
}
