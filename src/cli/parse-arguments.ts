import { type Command, CommanderError } from "commander";
import { assertModelName, ModelError } from "../models/index.js";
import { defineCommand } from "./define-command.js";
import { flagOf, type OptionValues, optionValuesSchema } from "./option-values.js";

/** The options of a run, checked. */
export interface CommandOptions extends OptionValues {
  /** What is to be done; "-" stands for what comes from stdin. */
  readonly goal?: string;
  /** The words that another call needs for the same settings; no password is among them. */
  readonly kept: readonly string[];
}

/** What the words of the command line mean. */
export type ParsedArguments =
  | { readonly kind: "run"; readonly options: CommandOptions }
  /** Help, or the version. */
  | { readonly kind: "shown"; readonly text: string }
  /** What is wrong, and what to do. */
  | { readonly kind: "wrong"; readonly message: string };

/** Reads and checks the words of the command line. */
export function parseArguments(words: readonly string[], version: string): ParsedArguments {
  let shown = "";
  const show = (text: string) => {
    shown += text;
  };
  const command = defineCommand(version).exitOverride().configureOutput({ writeOut: show, writeErr: show });
  try {
    command.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "shown", text: shown };
    return { kind: "wrong", message: `${sentence(shown)} --help lists the options.` };
  }
  const parsed = optionValuesSchema.safeParse(command.opts());
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => describeProblem(command, path, message));
    return { kind: "wrong", message: problems.join(" ") };
  }
  const goal = command.args.length === 0 ? undefined : command.args.join(" ");
  const problem =
    findContradiction(goal, parsed.data) ?? findUnusedWithGraph(parsed.data) ?? findWrongModel(parsed.data);
  if (problem !== undefined) return { kind: "wrong", message: problem };
  return { kind: "run", options: { ...parsed.data, goal, kept: keptWords(command) } };
}

function describeProblem(command: Command, path: readonly PropertyKey[], message: string): string {
  const [name = "", index] = path.map(String);
  const given: unknown = command.getOptionValue(name);
  const value: unknown = Array.isArray(given) ? given[Number(index)] : given;
  return `${flagOf(name)} ${message}, not "${String(value)}".`;
}

/** Commander's message as a sentence, its suggestion included. */
function sentence(shown: string): string {
  const text = shown
    .trim()
    .replace(/^error: /, "")
    .replaceAll("\n", " ");
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!)]$/.test(capital) ? capital : `${capital}.`;
}

function findContradiction(goal: string | undefined, options: OptionValues): string | undefined {
  const { thread, resume } = options;
  const steering = steeringFlag(options);
  const managing = managingFlags(options);
  if (managing.length > 0) {
    const isAlone = managing.length === 1 && goal === undefined && thread === undefined;
    return isAlone
      ? undefined
      : `${managing.join(" and ")}: give it alone, without a goal and without --thread.`;
  }
  if (goal !== undefined && goal.trim() === "") {
    return "The goal is empty. Say in words what is to be done.";
  }
  if (resume !== undefined && thread === undefined) {
    return "--resume answers what waits in a thread: name it with --thread <id>.";
  }
  if (resume !== undefined && goal !== undefined) {
    return "--resume goes on with what waits, and a goal begins a new turn: give one of them.";
  }
  if (steering !== undefined && thread === undefined) {
    return `${steering} changes a thread that stopped: name it with --thread <id>.`;
  }
  if (steering !== undefined && (goal !== undefined || resume !== undefined)) {
    const other = goal === undefined ? "--resume answers what waits" : "a goal begins a new turn";
    return `${steering} changes the turn that is there, and ${other}: give one of them.`;
  }
  if (goal === undefined && thread === undefined) {
    return 'There is no goal. Say in quotes what is to be done, such as "Calculate 17*23 and 19*29, then add the two results".';
  }
  return undefined;
}

/** A graph has tools of its own; these options are about the built-in ones. */
function findUnusedWithGraph({ graph, root, allowHttp }: OptionValues): string | undefined {
  if (graph === undefined || (root === undefined && allowHttp.length === 0)) return undefined;
  const flag = root === undefined ? "--allow-http" : "--root";
  return `${flag} is for the built-in tools, and --graph brings its own: give one of them.`;
}

function managingFlags({ threads, deleteThread, deleteThreadsOlderThan }: OptionValues): string[] {
  return [
    ...(threads ? ["--threads"] : []),
    ...(deleteThread === undefined ? [] : ["--delete-thread"]),
    ...(deleteThreadsOlderThan === undefined ? [] : ["--delete-threads-older-than"]),
  ];
}

function steeringFlag({ steer, skip, retry, editPlan }: OptionValues): string | undefined {
  if (steer !== undefined) return "--steer";
  if (skip.length > 0) return "--skip";
  if (retry.length > 0) return "--retry";
  return editPlan ? "--edit-plan" : undefined;
}

function findWrongModel(options: OptionValues): string | undefined {
  const { model, plannerModel, executorModel, replannerModel, answerModel } = options;
  const single = { model, plannerModel, executorModel, replannerModel, answerModel };
  const named: [string, string | undefined][] = [
    ...Object.entries(single),
    ...options.fallbackModels.map((fallback): [string, string] => ["fallbackModels", fallback]),
  ];
  for (const [name, spec] of named) {
    if (spec === undefined) continue;
    try {
      assertModelName(spec, {}, flagOf(name));
    } catch (error) {
      if (error instanceof ModelError) return error.message;
      throw error;
    }
  }
  return undefined;
}

/** Options that belong to one call, not to the thread. */
const NOT_KEPT = new Set([
  "thread",
  "resume",
  "steer",
  "skip",
  "retry",
  "editPlan",
  "json",
  "quiet",
  "events",
  "color",
]);

function keptWords(command: Command): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    if (NOT_KEPT.has(name) || command.getOptionValueSource(name) !== "cli") return [];
    const value: unknown = command.getOptionValue(name);
    if (value === true) return [option.long ?? ""];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => [option.long ?? "", withoutPassword(String(one))]);
  });
}

/** A database's address may hold a password, which is not repeated on the screen. */
function withoutPassword(value: string): string {
  return /^postgres(ql)?:/i.test(value) ? "<the same URL>" : value;
}
