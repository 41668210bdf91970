import { isPostgresUrl } from "../checkpoint/index.js";
import type { RunStatus } from "../state/index.js";
import { emptyUsage } from "../usage/index.js";
import {
  describeAction,
  describeExpiry,
  type PendingRequest,
  type ThreadState,
  type ThreadValues,
  toResumeLines,
} from "./asking/index.js";
import { isDecision } from "./follow-run.js";
import { type CommandOptions, withFlags } from "./options/index.js";
import { type DependenciesOf, type ProgressView, runningSteps, toOneLine } from "./showing/index.js";
import type { Surroundings } from "./surroundings.js";
import { toShellWords, writeAnswer, writeJson, writeText } from "./write.js";

/** What the command's exit code means. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  waiting: 4,
  busy: 5,
  refused: 6,
  interrupted: 130,
  /** The reader of stdout or stderr closed it. A shell reports the same for a program that SIGPIPE ended. */
  outputClosed: 141,
} as const;

/** The exit code of a run that ended or stopped with this status. */
function exitCodeOf(status: RunStatus): number {
  switch (status) {
    case "done":
      return EXIT_CODES.done;
    case "waiting":
      return EXIT_CODES.waiting;
    case "incomplete":
      return EXIT_CODES.incomplete;
    case "refused":
      return EXIT_CODES.refused;
    case "cancelled":
      return EXIT_CODES.interrupted;
    case "planning":
    case "executing":
    case "failed":
      return EXIT_CODES.failed;
  }
}

/** How a run ended, in words. */
const ENDS: Readonly<Record<RunStatus, string>> = {
  done: "The run is done",
  incomplete: "The run is incomplete",
  failed: "The run failed",
  refused: "The run was refused",
  cancelled: "The run was cancelled",
  waiting: "The run waits",
  planning: "The run stopped while it planned",
  executing: "The run stopped before its plan was done",
};

const PACKAGE_NAME = "langgraph-plan-execute";

/** How the person called the command: through npm in the repository or in a project of `init`, or by its own name. */
export function commandPrefix({
  npm_package_name: packageName,
  npm_lifecycle_event: script,
  npm_lifecycle_script: called = "",
  npm_command: command,
}: Surroundings["environment"]): string {
  if (script === "start" && (packageName === PACKAGE_NAME || called.includes(PACKAGE_NAME))) {
    return "npm start --";
  }
  // npx takes an unknown name for a package's, and plan-execute may be somebody else's.
  return command === "exec" ? `npx ${PACKAGE_NAME}` : "plan-execute";
}

/** The command that continues a thread from where it is kept. `rest` is added unchanged. */
export function goOnLine(
  prefix: string,
  threadId: string,
  { checkpointer, graph, isKeptByFile }: Pick<CommandOptions, "checkpointer" | "graph" | "isKeptByFile">,
  rest: string,
): string {
  const file = isKeptByFile && graph !== undefined ? ["--graph", graph] : [];
  const where = checkpointer === undefined ? file : ["--checkpointer", withoutPassword(checkpointer)];
  return [prefix, toShellWords(["--thread", threadId, ...where]), rest].filter(Boolean).join(" ");
}

/** Hides the password that a database's address may hold, because the screen must not repeat it. */
function withoutPassword(url: string): string {
  return isPostgresUrl(url) ? "<the same URL>" : url;
}

/** What a report is made of and where it goes. */
export interface Report {
  readonly options: CommandOptions;
  readonly surroundings: Surroundings;
  readonly threadId: string;
  /** Whether the thread outlives this process. */
  readonly isKept: boolean;
}

const MAX_REASON = 1_000;

export function reportEnd(values: ThreadValues | undefined, streamed: string, report: Report): number {
  const { options, surroundings } = report;
  if (values === undefined) {
    throw new Error(`The thread ${report.threadId} holds no turn.`);
  }
  const { status, response, outcome } = values;
  if (options.json) {
    writeResult(values, report);
  } else if (options.quiet) {
    writeAnswer(surroundings.stdout, `${response}\n`);
  } else if (streamed.trim() !== response.trim()) {
    writeText(surroundings.stderr, "\n");
    writeAnswer(surroundings.stdout, `${response}\n`);
  }
  // The answer to a refused goal is why it was refused.
  if (status !== "done" && !(status === "refused" && outcome?.reason === response)) {
    writeText(
      surroundings.stderr,
      `${ENDS[status]}: ${toOneLine(withFlags(outcome?.reason ?? "no reason"), MAX_REASON)}\n`,
    );
  }
  notify(goOnNotice('"<follow-up>"', report), report);
  return exitCodeOf(status);
}

export function reportWaiting(
  values: ThreadValues | undefined,
  request: PendingRequest,
  report: Report,
  dependenciesOf: DependenciesOf,
): number {
  const { options, surroundings } = report;
  if (options.json && values !== undefined) {
    writeResult({ ...values, status: "waiting" }, report, request);
  }
  const { stderr } = surroundings;
  if (request.error !== undefined) {
    writeText(stderr, `The answer was not taken: ${toOneLine(request.error, MAX_REASON)}\n`);
  }
  const actions = request.actionRequests.map((action) => `\n${describeAction(action, dependenciesOf)}`);
  const expiry =
    request.expiresAt === undefined ? "" : `\n${describeExpiry(request.expiresAt, surroundings.now())}\n`;
  writeText(stderr, `The run waits for a person:\n${actions.join("")}${expiry}\n`);
  writeText(stderr, `${goOnNotice("", report)}\n`);
  if (!report.isKept) {
    return EXIT_CODES.waiting;
  }
  for (const [what, resume] of toResumeLines(request)) {
    writeText(stderr, `${what}: ${goOn(resume, report)}\n`);
  }
  return EXIT_CODES.waiting;
}

/** Says what a single word decides, before it does: whoever gave it may not have seen all that waits. */
export function reportAnswer(
  resume: unknown,
  { actionRequests }: PendingRequest,
  { surroundings }: Report,
  dependenciesOf: DependenciesOf,
): void {
  if (!isDecision(resume) || actionRequests.length < 2) {
    return;
  }
  const actions = actionRequests.map(
    (action, index) => `\n${index + 1}. ${describeAction(action, dependenciesOf)}`,
  );
  const what = resume === "approve" ? "approved" : "rejected";
  writeText(
    surroundings.stderr,
    `${actionRequests.length} actions wait, and all of them are ${what}:\n${actions.join("")}\n`,
  );
}

export function reportInterruption(thread: ThreadState, view: ProgressView, report: Report): number {
  const { options, surroundings } = report;
  if (options.json) {
    writeResult({ ...(thread.values ?? NO_TURN), status: "cancelled" }, report);
  }
  const running = runningSteps(view).map(({ id, description }) => `${id}. ${toOneLine(description, 80)}`);
  const inFlight = running.length === 0 ? "no step" : running.map((step) => toOneLine(step, 120)).join("; ");
  writeText(surroundings.stderr, `Interrupted. In flight: ${inFlight}.\n`);
  if (thread.exists) {
    writeText(surroundings.stderr, `${goOnNotice("", report)}\n`);
  }
  return EXIT_CODES.interrupted;
}

/** Writes a line on stderr, unless the person asked only for the answer. */
export function notify(text: string | undefined, { options, surroundings }: Report): void {
  if (text !== undefined && !options.quiet) {
    writeText(surroundings.stderr, `${text}\n`);
  }
}

type Result = Omit<ThreadValues, "turn" | "request">;

const NO_TURN: Result = {
  status: "cancelled",
  response: "",
  plan: [],
  pastSteps: [],
  outcome: null,
  usage: emptyUsage(),
};

function writeResult(values: Result, { threadId, surroundings }: Report, waiting?: PendingRequest): void {
  writeJson(surroundings.stdout, toResult(values, threadId, waiting), 2);
}

/** What --json gives of a thread. */
export function toResult(
  { status, response, plan, pastSteps, outcome, usage }: Result,
  threadId: string,
  waiting?: PendingRequest,
) {
  return { threadId, status, response, plan, pastSteps, outcome, usage, waiting };
}

function goOnNotice(rest: string, report: Report): string {
  const { threadId, isKept } = report;
  return isKept ? `Go on: ${goOn(rest, report)}` : `The thread ${threadId} was kept in memory: it ends here.`;
}

function goOn(rest: string, { options, surroundings, threadId }: Report): string {
  return goOnLine(commandPrefix(surroundings.environment), threadId, options, rest);
}
