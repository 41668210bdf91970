import type { JsonValue, PastStep, Playbook, PlaybookMove, PlaybookStep } from "langgraph-plan-execute";
import { describeFindings } from "./describe-findings.js";
import { type Request, readGoal, readLeaveOut } from "./goal.js";

/** After so many rounds of patches what is left is reported as left. */
const MAX_ROUNDS = 6;

/** What the offline model knows of the field; `projects` names those that there are. */
export function createPlaybook(projects: () => readonly string[]): Playbook {
  return ({ kind, goal, pastSteps, why, feedback }) => {
    const request = readGoal(goal, projects());
    if (request === undefined) {
      return undefined;
    }
    const told = [feedback ?? "", kind === "replan" ? why : ""].join("\n");
    const whole = { ...request, leaveOut: [...request.leaveOut, ...readLeaveOut(told)] };
    if (kind === "plan") {
      return { steps: firstPlan(whole), ...(whole.patches ? { answer: "report" } : {}) };
    }
    return goOn(whole, pastSteps);
  };
}

function firstPlan(request: Request): PlaybookStep[] {
  const { project, advisories, minSeverity } = request;
  const look: PlaybookStep[] = [
    { id: "advisories", tool: "read_advisories", args: given({ advisories }) },
    {
      id: "dependencies",
      tool: "list_dependencies",
      args: given({ project, package: request.package }),
    },
    { id: "findings", tool: "find_vulnerabilities", args: given({ project, advisories, minSeverity }) },
  ];
  if (!request.patches) {
    return request.package === undefined ? look : look.slice(1, 2);
  }
  const ids = ["advisories", "dependencies", "findings"];
  const copy = { id: "copy", tool: "copy_project", args: given({ project, advisories }), dependsOn: ids };
  return [...look, copy, ...roundSteps(1, request)];
}

/** One round: what is proposed is asked for, made, verified, and reported. */
function roundSteps(round: number, request: Request): PlaybookStep[] {
  const { minSeverity, leaveOut } = request;
  const copy = "{{copy.copy}}";
  const id = (name: string) => (round === 1 ? name : `${name}_${round}`);
  const scope = given({ minSeverity, leaveOut: leaveOut.length === 0 ? undefined : [...leaveOut] });
  const item = (field: string) => `{{item.${field}}}`;
  const patch = Object.fromEntries(
    ["package", "from", "to", "together", "resolves"].map((field) => [field, item(field)]),
  );
  return [
    { id: id("proposals"), tool: "propose_patches", args: { copy, round, ...scope } },
    {
      id: id("patches"),
      description: "Make each patch in the copy",
      forEach: `{{${id("proposals")}.patches}}`,
      tool: "apply_patch",
      args: { copy, ...patch },
    },
    { id: id("verification"), tool: "verify_patches", args: { copy, round } },
    { id: "report", tool: "write_report", args: { copy } },
  ];
}

function goOn(request: Request, pastSteps: readonly PastStep[]): PlaybookMove {
  const done = (tool: string) => pastSteps.filter((step) => step.tool === tool && step.status === "done");
  if (!request.patches) {
    return { text: describeFindings(pastSteps) };
  }
  const copied = done("copy_project").length > 0;
  const rounds = done("propose_patches").length;
  const failedReport = pastSteps.some((step) => step.tool === "write_report" && step.status !== "done");
  const isBroken = pastSteps.some(({ error }) => error !== undefined);
  // Somebody said something before anything was proposed: what has not been done is done as they say.
  if (rounds === 0 && !isBroken) {
    const ended = new Set(pastSteps.map(({ id }) => id));
    return { steps: firstPlan(request).filter(({ id }) => !ended.has(id ?? "")), answer: "report" };
  }
  if (!copied || rounds === 0 || failedReport) {
    return { text: describeFailure(pastSteps) };
  }
  const report = { id: "report", tool: "write_report", args: { copy: "{{copy.copy}}" } };
  const judged = pastSteps.filter((step) => step.tool === "verify_patches").length;
  if (judged < rounds) {
    const verification = {
      id: rounds === 1 ? "verification" : `verification_${rounds}`,
      tool: "verify_patches",
      args: { copy: "{{copy.copy}}", round: rounds },
    };
    const next = rounds < MAX_ROUNDS ? roundSteps(rounds + 1, request) : [report];
    return { steps: [verification, ...next], answer: "report" };
  }
  const steps = rounds < MAX_ROUNDS ? roundSteps(rounds + 1, request) : [report];
  return { steps, answer: "report" };
}

function describeFailure(pastSteps: readonly PastStep[]): string {
  const errors = pastSteps.flatMap(({ error }) => (error === undefined ? [] : [error.message]));
  return `The dependencies could not be patched, and nothing was changed. ${[...new Set(errors)].join(" ")}`;
}

function given(args: Readonly<Record<string, JsonValue | undefined>>): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([key, value]): [string, JsonValue][] =>
      value === undefined ? [] : [[key, value]],
    ),
  );
}
