import { Command, CommanderError } from "commander";
import type { z } from "zod";
import { assertModelName, ModelError } from "../../models/index.js";
import { UsageError } from "../surroundings.js";
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
  /** What is to be done; "-" stands for what comes from stdin. */
  readonly goal?: string;
  /** The options of the thread that this call gives, as they were typed. */
  readonly given: TypedOptions;
}

/** What the words of the command line mean. */
type ParsedArguments =
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
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    if (error.exitCode === 0) {
      return { kind: "shown", text: shown };
    }
    return { kind: "wrong", message: `${sentence(shown)} --help lists the options.` };
  }
  const typed: Readonly<Record<string, unknown>> = command.opts();
  const goal = command.args.length === 0 ? undefined : command.args.join(" ");
  try {
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

function ofThread(typed: Readonly<Record<string, unknown>>): TypedOptions {
  const names = Object.keys(threadOptionsSchema.shape).filter((name) => name in typed);
  return typedOptionsSchema.parse(Object.fromEntries(names.map((name) => [name, typed[name]])));
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
  if (options.forgetOptions && (goal === undefined || thread === undefined)) {
    return "--forget-options begins a turn with other options: give a goal, and --thread <id>.";
  }
  if (goal === undefined && thread === undefined) {
    return 'There is no goal. Say in quotes what is to be done, such as "Calculate 17*23 and 19*29, then add the two results".';
  }
  return undefined;
}

function managingFlags({ threads, deleteThread, deleteThreadsOlderThan }: OptionValues): string[] {
  return [
    ...(threads ? ["--threads"] : []),
    ...(deleteThread === undefined ? [] : ["--delete-thread"]),
    ...(deleteThreadsOlderThan === undefined ? [] : ["--delete-threads-older-than"]),
  ];
}

function steeringFlag({ steer, skip, retry, editPlan }: OptionValues): string | undefined {
  if (steer !== undefined) {
    return "--steer";
  }
  if (skip.length > 0) {
    return "--skip";
  }
  if (retry.length > 0) {
    return "--retry";
  }
  return editPlan ? "--edit-plan" : undefined;
}

/** The command's options, as commander knows them; what their values must be is said in the schema of options. */
function defineCommand(version: string): Command {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  return new Command("plan-execute")
    .description("Makes a plan for a goal, carries it out side by side where it can, and answers.")
    .version(version)
    .argument("[goal...]", 'what is to be done, in quotes; "-" reads it from stdin')
    .optionsGroup("Threads:")
    .option("--thread <id>", "go on with a thread: with a goal a new turn, without one what was cut off")
    .option("--resume <answer>", 'answer what waits in the thread: approve, reject, or {"decisions":[…]}')
    .option("--steer <message>", "tell a thread that stopped what you want changed, and go on with it")
    .option("--skip <step>", "do without a step, and go on; may be repeated", collect)
    .option("--retry <step>", "do a step again that did not come out right; may be repeated", collect)
    .option("--edit-plan", "edit what is left of the plan in your editor, and go on")
    .option(
      "--forget-options",
      "with a goal: of the options that are kept with the thread, none holds any more",
    )
    .option("--threads", "list the threads that changed last: id, status, time (UTC), goal")
    .option("--delete-thread <id>", "delete a thread and all that is kept of it")
    .option("--delete-threads-older-than <time>", "delete threads that nobody touched for so long: 30d, 12h")
    .option(
      "--checkpointer <url>",
      "memory:, sqlite:<path> or postgres://… (default: .plan-execute/threads.db)",
    )
    .optionsGroup('Models ("provider:name" or "offline"):')
    .option("--model <model>", "the model of all roles (default: what the environment says)")
    .option("--planner-model <model>", "the planner's model")
    .option("--executor-model <model>", "the model that carries out steps")
    .option("--replanner-model <model>", "the model that changes plans and answers")
    .option("--answer-model <model>", "the model of the closing answer")
    .option(
      "--fallback-models <models>",
      "who is asked next where a model gives nothing, with commas between them",
    )
    .option("--price <model=in/out>", "dollars a million tokens in and out; may be repeated", collect)
    .optionsGroup("Tools:")
    .option(
      "--graph <graph>",
      "a graph of this package (general, research, …) or a file that exports createGraph, with its own tools",
    )
    .option("--root <folder>", "the folder that files are read and written in (default: the current one)")
    .option("--allow-http <hosts>", "hosts that may be fetched from, with commas between them")
    .optionsGroup("Plans:")
    .option("--max-steps <n>", "the most steps of a plan (default: 12)")
    .option("--granularity <how>", "coarse, balanced or fine (default: balanced)")
    .option("--concurrency <n>", "how many steps run at once (default: 8)")
    .option("--max-replans <n>", "how often the plan may change (default: 3)")
    .option("--replan-when <when>", "needed or every-step (default: needed)")
    .option("--approve-plan <when>", "whether plans wait for you: never, once or always (default: never)")
    .option("--approve-tools <tools>", "tools whose calls wait for you, with commas between them")
    .option(
      "--approval-expires-after <time>",
      "how long you may take to answer: 30m, 24h, 7d (default: for ever)",
    )
    .option("--escalate", "ask you what to do where the run cannot go on by itself")
    .optionsGroup("Limits of a turn:")
    .option("--max-model-calls <n>", "model calls")
    .option("--max-tokens <n>", "tokens, in and out")
    .option("--max-cost-usd <dollars>", "dollars; each model needs a --price")
    .option("--max-turn-steps <n>", "steps, each item of a for-each step counted")
    .option("--max-duration-ms <n>", "milliseconds")
    .optionsGroup("Output:")
    .option("--json", "one JSON object on stdout at the end, and nothing else there")
    .option("--quiet", "the answer alone")
    .option("--events", "each event as a line of JSON on stderr")
    .option("--no-color", "no colours")
    .optionsGroup("Other:")
    .addHelpText(
      "after",
      "\nThe options of models, tools, plans and limits are kept with the thread, and hold for each later call with --thread. " +
        "One that is given again replaces what was kept. For a turn that waits or was cut off, approvals can only be added " +
        "to; a new goal may change them. Keys, and what else the environment says, are not kept.\n" +
        "\nExit codes: 0 done, 1 failed, 2 called wrongly, 3 incomplete or refused, 4 waits for a person, 5 the thread is " +
        "busy in another process, 130 interrupted, 141 stdout or stderr was closed (the run stops, and can be gone on with).",
    );
}

/** Checks options as they are typed; throws a `UsageError` that names what is wrong. */
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

/** A graph has tools of its own; these options are about the built-in ones. */
function assertUsedWithGraph({ graph, root, allowHttp }: ThreadOptions): void {
  if (graph === undefined || (root === undefined && allowHttp.length === 0)) {
    return;
  }
  const flag = root === undefined ? "--allow-http" : "--root";
  throw new UsageError(`${flag} is for the built-in tools, and --graph brings its own: give one of them.`);
}

function assertModels(options: ThreadOptions): void {
  const { model, plannerModel, executorModel, replannerModel, answerModel } = options;
  const single = { model, plannerModel, executorModel, replannerModel, answerModel };
  const named: [string, string | undefined][] = [
    ...Object.entries(single),
    ...options.fallbackModels.map((fallback): [string, string] => ["fallbackModels", fallback]),
  ];
  for (const [name, spec] of named) {
    if (spec === undefined) {
      continue;
    }
    try {
      assertModelName(spec, {}, flagOf(name));
    } catch (error) {
      if (!(error instanceof ModelError)) {
        throw error;
      }
      throw new UsageError(error.message, { cause: error });
    }
  }
}
