import { CommanderError } from "commander";
import type { z } from "zod";
import { isOfClass, withoutUndefined } from "../../base/index.js";
import { assertModelName, ModelError } from "../../models/index.js";
import { FLAG_FIELDS } from "../../options/index.js";
import { UsageError } from "../surroundings.js";
import { defineCommand } from "./define-command.js";
import type { NamedCall } from "./named-commands.js";
import {
  flagOf,
  type OptionValues,
  optionValuesSchema,
  type ThreadOptions,
  type TypedOptions,
  threadOptionsSchema,
  typedOptionsSchema,
} from "./option-values.js";

/** The options of a run, checked. */
export interface CommandOptions extends OptionValues {
  /** The goal. "-" means that it comes from stdin. */
  readonly goal?: string;
  /** The options of the thread in this call, as they were typed. */
  readonly given: TypedOptions;
  /** Whether the agent's file, which `--graph` names, says where threads are kept. */
  readonly isKeptByFile?: boolean;
}

/** The outcome of reading the command line. */
type ParsedArguments =
  | { readonly kind: "run"; readonly options: CommandOptions }
  /** The help or the version was asked for. */
  | { readonly kind: "shown"; readonly text: string }
  /** The command line is wrong. The message says what is wrong and what to do. */
  | { readonly kind: "wrong"; readonly message: string };

/** Reads and checks the words of the command line. */
export function parseArguments(words: readonly string[], version: string): ParsedArguments {
  let shown = "";
  const show = (text: string) => {
    shown += text;
  };
  let named: NamedCall = { flags: {} };
  const take = (call: NamedCall) => {
    named = call;
  };
  const command = defineCommand(version, take, show);
  try {
    command.parse(words, { from: "user" });
  } catch (error) {
    if (!isOfClass(error, CommanderError)) {
      throw error;
    }
    if (error.exitCode === 0) {
      return { kind: "shown", text: shown };
    }
    return { kind: "wrong", message: `${sentence(shown)} --help lists the options.${adviceOn(error)}` };
  }
  const { goal } = named;
  try {
    const typed = joinFlags(command.opts(), named.flags);
    const values = checkOptions(optionValuesSchema, typed);
    const problem = findContradiction(goal, values);
    if (problem !== undefined) {
      return { kind: "wrong", message: problem };
    }
    return { kind: "run", options: { ...values, goal, given: ofThread(typed) } };
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    return { kind: "wrong", message: error.message };
  }
}

/** The flags of a call with those that its command stands for. */
function joinFlags(
  given: Readonly<Record<string, unknown>>,
  named: NamedCall["flags"],
): Readonly<Record<string, unknown>> {
  const meant = withoutUndefined(named);
  const twice = Object.keys(meant).find((name) => name in given);
  if (twice !== undefined) {
    throw new UsageError(`The command sets ${flagOf(twice)} already: leave the flag out.`);
  }
  return { ...given, ...meant };
}

function ofThread(typed: Readonly<Record<string, unknown>>): TypedOptions {
  const names = Object.keys(threadOptionsSchema.shape).filter((name) => name in typed);
  return typedOptionsSchema.parse(Object.fromEntries(names.map((name) => [name, typed[name]])));
}

/** Turns commander's message into a sentence, including its suggestion. */
function sentence(shown: string): string {
  const text = shown
    .trim()
    .replace(/^error: /, "")
    .replaceAll("\n", " ");
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!)]$/.test(capital) ? capital : `${capital}.`;
}

/** What to do if the first word of a goal was taken for a command. */
function adviceOn({ code }: CommanderError): string {
  const isWordMissingOrTooMany = code === "commander.excessArguments" || code === "commander.missingArgument";
  return isWordMissingOrTooMany ? " If it is a goal, put it in quotes after run." : "";
}

function findContradiction(goal: string | undefined, options: OptionValues): string | undefined {
  const { thread, resume, plan } = options;
  const steering = steeringFlag(options);
  const managing = managingFlags(options);
  const stray = strayFlag(options);
  if (stray !== undefined) {
    return stray;
  }
  if (managing.length > 0) {
    const others = [goal, plan, thread, resume, steering];
    const isAlone = managing.length === 1 && others.every((other) => other === undefined);
    return isAlone
      ? undefined
      : `${managing.join(" and ")}: give it alone, without a goal and without --thread.`;
  }
  if (
    options.migrate ||
    [options.init, options.completion, options.audit, options.worker].some((value) => value !== undefined)
  ) {
    return undefined;
  }
  if (goal !== undefined && goal.trim() === "") {
    return "The goal is empty. Say in words what is to be done.";
  }
  if (resume !== undefined && thread === undefined) {
    return "--resume answers what waits in a thread: name it with --thread <id>.";
  }
  if (Object.keys(options.with).length > 0 && plan === undefined) {
    return "--with gives a saved plan its values: name the plan with --plan <name>.";
  }
  const beginning = goal === undefined ? "a saved plan" : "a goal";
  const begins = goal !== undefined || plan !== undefined;
  if (resume !== undefined && begins) {
    return `--resume goes on with what waits, and ${beginning} begins a new turn: give one of them.`;
  }
  if (steering !== undefined && thread === undefined) {
    return `${steering} changes a thread that stopped: name it with --thread <id>.`;
  }
  if (steering !== undefined && (begins || resume !== undefined)) {
    const other = begins ? `${beginning} begins a new turn` : "--resume answers what waits";
    return `${steering} changes the turn that is there, and ${other}: give one of them.`;
  }
  if (options.forgetOptions && (!begins || thread === undefined)) {
    return "--forget-options begins a turn with other options: give a goal, and --thread <id>.";
  }
  if (!begins && thread === undefined) {
    return 'There is no goal. Say in quotes what is to be done, such as "Calculate 17*23 and 19*29, then add the two results".';
  }
  return undefined;
}

/** A flag of one command that came with another. */
function strayFlag(options: OptionValues): string | undefined {
  const { report, out, against, follow, serve, port, mcp, http, answers, worker, enqueue } = options;
  const ofWorker = (["tenantRuns", "drain"] as const).find((name) => options[name] !== undefined);
  if (worker === undefined && ofWorker !== undefined) {
    return `${flagOf(ofWorker)} belongs to worker.`;
  }
  const ofEnqueue = (["tenant", "priority", "at", "cron"] as const).find(
    (name) => options[name] !== undefined,
  );
  if (enqueue === undefined && ofEnqueue !== undefined) {
    return `${flagOf(ofEnqueue)} belongs to enqueue.`;
  }
  if (options.print && !options.migrate) {
    return "--print belongs to migrate.";
  }
  if (report === undefined && (out !== undefined || against !== undefined || follow)) {
    return `${out === undefined ? (follow ? "--follow" : "--against") : "--out"} belongs to report <thread>.`;
  }
  if (follow && (out === "-" || against !== undefined)) {
    return "--follow keeps a file of one run up to date: leave --against out, and name a file with --out.";
  }
  if (mcp && !serve) {
    return "--mcp belongs to serve.";
  }
  if (!mcp && (http || answers !== undefined)) {
    return `${http ? "--http" : "--answers"} belongs to serve --mcp.`;
  }
  if (port !== undefined && mcp && !http) {
    return "--port is for serve --mcp --http: over standard input and output there is no port.";
  }
  return port !== undefined && !serve ? "--port belongs to serve." : undefined;
}

function managingFlags({
  threads,
  show,
  report,
  serve,
  deleteThread,
  deleteThreadsOlderThan,
}: OptionValues): string[] {
  return [
    ...(threads ? ["--threads"] : []),
    ...(show === undefined ? [] : ["show"]),
    ...(report === undefined ? [] : ["report"]),
    ...(serve ? ["serve"] : []),
    ...(deleteThread === undefined ? [] : ["--delete-thread"]),
    ...(deleteThreadsOlderThan === undefined ? [] : ["--delete-threads-older-than"]),
  ];
}

function steeringFlag({ steer, skip, retry, giveUp, editPlan }: OptionValues): string | undefined {
  if (steer !== undefined) {
    return "--steer";
  }
  if (skip.length > 0) {
    return "--skip";
  }
  if (retry.length > 0) {
    return "--retry";
  }
  if (giveUp) {
    return "--give-up";
  }
  return editPlan ? "--edit-plan" : undefined;
}

/** Checks options as they were typed. Throws a `UsageError` that says what is wrong. */
export function checkOptions<Values extends ThreadOptions>(
  schema: z.ZodType<Values>,
  typed: Readonly<Record<string, unknown>>,
): Values {
  const { success, data, error } = schema.safeParse(typed);
  if (!success) {
    throw new UsageError(error.issues.map(({ path, message }) => describe(typed, path, message)).join(" "));
  }
  assertUsedWithGraph(data);
  assertModels(data);
  return data;
}

function describe(
  typed: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  message: string,
): string {
  const [name = "", index] = path.map(String);
  const given = typed[name];
  const value: unknown = Array.isArray(given) ? given[Number(index)] : given;
  return `${flagOf(name)} ${message}, not "${String(value)}".`;
}

/**
 * Throws if --root, --allow-http or --plans comes with --graph. They are for the built-in tools, and a graph has tools
 * and plans of its own.
 */
function assertUsedWithGraph({ graph, root, allowHttp, plans }: ThreadOptions): void {
  const given = {
    "--root": root !== undefined,
    "--allow-http": allowHttp.length > 0,
    "--plans": plans !== undefined,
  };
  const [flag] = Object.entries(given).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (graph === undefined || flag === undefined) {
    return;
  }
  throw new UsageError(`${flag} is for the built-in tools, and --graph brings its own: give one of them.`);
}

function assertModels(options: ThreadOptions): void {
  const values = new Map<string, unknown>(Object.entries(options));
  for (const { name } of FLAG_FIELDS.filter(({ names }) => names === "models")) {
    for (const spec of [values.get(name)].flat()) {
      if (typeof spec === "string") {
        assertModel(spec, flagOf(name));
      }
    }
  }
}

function assertModel(spec: string, flag: string): void {
  try {
    assertModelName(spec, {}, flag);
  } catch (error) {
    if (!(error instanceof ModelError)) {
      throw error;
    }
    throw new UsageError(error.message, { cause: error });
  }
}
