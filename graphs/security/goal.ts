import { SEVERITIES, type Severity } from "./severity.js";

/** What a goal asks for, as far as rules can read it. */
export interface Request {
  readonly project?: string;
  readonly advisories?: string;
  /** A package that is asked about. */
  readonly package?: string;
  readonly minSeverity?: Severity;
  readonly leaveOut: readonly string[];
  /** Whether packages are to be patched, and not only looked at. */
  readonly patches: boolean;
}

const FIELD =
  /\b(vulnerab\w*|advisor(?:y|ies)|cves?|security|dependenc(?:y|ies)|lock ?file|npm|package-lock\S*|packages?)\b/i;
const LOOK =
  /\b(audit|check|scan|find|list|show|which|what|why|how many|match|report|look|are there|has|have)\b/i;
const PATCH = /\b(patch(?:es)?|fix(?:es)?|mend|repair|remediate|upgrade|update|resolve|close)\b/i;
const NO_PATCH =
  /\b(?:without|don'?t|do not|no|not|never)\s+(?:\w+\s+)?(?:patch|fix|mend|upgrade|updat|chang)\w*/i;
const NAME = String.raw`["'\`“]?(@?[a-z0-9][\w./-]*[\w])["'\`”]?`;

/** Reads a goal; undefined where it is none about the dependencies of a project. */
export function readGoal(goal: string, projects: readonly string[]): Request | undefined {
  const patches = PATCH.test(goal) && !NO_PATCH.test(goal);
  if (!FIELD.test(goal) || !(patches || LOOK.test(goal))) {
    return undefined;
  }
  const leaveOut = readLeaveOut(goal);
  return {
    patches,
    leaveOut,
    project: projects.find((name) => mentions(goal, name)) ?? firstGroup(goal, `\\bproject\\s+${NAME}`),
    advisories: /[\w][\w.-]*\.json\b/g.exec(goal.replaceAll(/package(-lock)?\.json/g, ""))?.[0],
    package: firstGroup(goal, `\\bwhy\\s+(?:is|are|do we have|does it have)\\s+(?:the package\\s+)?${NAME}`),
    minSeverity: readSeverity(goal),
  };
}

/** Packages that are not to be touched: "leave out a and b", "except a", "without c". */
export function readLeaveOut(text: string): string[] {
  const list = new RegExp(
    `\\b(?:leave(?: out)?|leaving out|except(?: for)?|but not|without|skip(?:ping)?|do not touch|don'?t touch)\\s+(${NAME}(?:(?:\\s*,\\s*|\\s+and\\s+|\\s*,\\s*and\\s+)${NAME})*)`,
    "gi",
  );
  return [...text.matchAll(list)].flatMap((match) =>
    (match[1] ?? "")
      .split(/\s*,\s*(?:and\s+)?|\s+and\s+/)
      .map((name) => name.replaceAll(/["'`“”]/g, ""))
      .filter((name) => name !== ""),
  );
}

/** "high and above", "at least moderate", "only critical"; without such words none is named. */
function readSeverity(goal: string): Severity | undefined {
  const words = [...SEVERITIES, "medium"].join("|");
  const named =
    firstGroup(
      goal,
      `\\b(${words})\\b[^.;]{0,20}\\b(?:and|or)\\s+(?:above|higher|worse|graver|more|critical)`,
    ) ?? firstGroup(goal, `\\b(?:at least|only|from|of severity|severity)\\s+(?:the\\s+)?(${words})\\b`);
  const word = named?.toLowerCase();
  return word === "medium" ? "moderate" : SEVERITIES.find((severity) => severity === word);
}

function mentions(goal: string, name: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[^\\w-])${escaped}($|[^\\w-])`, "i").test(goal);
}

function firstGroup(text: string, pattern: string): string | undefined {
  return new RegExp(pattern, "i").exec(text)?.[1];
}
