import { Command } from "commander";
import { FLAG_FIELDS, type FlagGroup, type PlacedField } from "../../options/index.js";
import { addNamedCommands, type NamedCall } from "./named-commands.js";
import { flagOf, isRepeated } from "./option-values.js";

const HEADINGS: Readonly<Record<FlagGroup, string>> = {
  models: 'Models ("provider:name" or "offline"):',
  plans: "Plans:",
  limits: "Limits of a turn:",
};

const collect = (value: string, before: readonly string[] = []) => [...before, value];

/** The names under which the command is installed. The second is the package's, for npx. */
export const PROGRAMS = ["plan-execute", "langgraph-plan-execute"] as const;

/**
 * Defines the options and the commands for commander. `option-values.ts` says what their values must be. `take` gets
 * what was called, `show` what commander says.
 */
export function defineCommand(
  version: string,
  take: (call: NamedCall) => void = () => {},
  show: (text: string) => void = () => {},
): Command {
  const command = new Command(PROGRAMS[0])
    .exitOverride()
    .configureOutput({ writeOut: show, writeErr: show })
    .description("Makes a plan for a goal, carries it out side by side where it can, and answers.")
    .version(version)
    .argument("[goal...]", 'what is to be done, in quotes; "-" reads it from stdin')
    .optionsGroup("Threads:")
    .option("--thread <id>", "go on with a thread: with a goal a new turn, without one what was cut off")
    .option("--resume <answer>", 'answer what waits in the thread: approve, reject, or {"decisions":[…]}')
    .option("--steer <message>", "tell a thread that stopped what you want changed, and go on with it")
    .option("--skip <step>", "do without a step, and go on; may be repeated", collect)
    .option("--retry <step>", "do a step again that did not come out right; may be repeated", collect)
    .option("--give-up", "end a thread that stopped: what its tools can undo is undone if it says so")
    .option("--edit-plan", "edit what is left of the plan in your editor, and go on")
    .option(
      "--forget-options",
      "with a goal: of the options that are kept with the thread, none holds any more",
    )
    .option(
      "--threads",
      "list the threads that changed last: id, status, time (UTC), graph, goal, what waits",
    )
    .option("--delete-thread <id>", "delete a thread and all that is kept of it")
    .option("--delete-threads-older-than <time>", "delete threads that nobody touched for so long: 30d, 12h")
    .option(
      "--checkpointer <url>",
      "memory:, sqlite:<path> or postgres://… (default: .plan-execute/threads.db)",
    );
  addFlags(command, "models");
  command
    .optionsGroup("Tools:")
    .option(
      "--graph <graph>",
      "a graph of this package (general, research, …), an agent's file (agent.yaml), or a module that exports createGraph",
    )
    .option("--root <folder>", "the folder that files are read and written in (default: the current one)")
    .option("--allow-http <hosts>", "hosts that may be fetched from, with commas between them")
    .option(
      "--yes",
      "let write_file replace files in this call (without it a terminal asks, and anywhere else it is refused)",
    )
    .option("--plans <path>", "saved plans: a YAML or JSON file, or a folder of them");
  addFlags(command, "plans");
  command
    .option("--plan <name>", "carry out a saved plan; no planner is asked, and the goal may be left out")
    .option("--with <key=value>", "a value for a parameter of the saved plan; may be repeated", collect);
  addFlags(command, "limits");
  command
    .optionsGroup("Pages:")
    .option("--out <file>", 'where report writes the page; "-" is stdout (default: report-<thread>.html)')
    .option("--against <thread>", "show another thread's run beside it: what differed in plan, time and cost")
    .option("--follow", "write the page again as the run goes on; a browser that shows it keeps up")
    .option("--port <number>", "the port that serve listens on, of this machine alone (default: a free one)")
    .optionsGroup("Queue:")
    .option(
      "--tenant-runs <number>",
      "how many runs of a tenant at once, over all workers (default: no limit)",
    )
    .option("--drain <time>", "how long a worker that is stopped waits for quiet moments (default: 30s)")
    .option("--tenant <name>", "whose turn it is that enqueue adds (default: default)")
    .option("--priority <number>", "how many waiting turns of the tenant it may pass by")
    .option("--at <time>", "when it begins, at the earliest: 2026-12-01T09:00Z")
    .option("--cron <times>", 'when it begins, again and again: "0 9 * * 1-5" (UTC)')
    .option("--print", "print the SQL that is missing, for migrate, and change nothing")
    .optionsGroup("MCP:")
    .option("--mcp", "serve runs as tools of an MCP server in place of pages, over standard input and output")
    .option("--http", "… over streamable HTTP, on this machine alone, with a token (--port chooses the port)")
    .option(
      "--answers <way>",
      "how a client may answer what waits: elicitation (a form that a person fills in), or resume (where a client has no forms, the tool resume takes decisions too, also a model's) (default: elicitation)",
    )
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
        "\nExit codes: 0 done, 1 failed, 2 called wrongly, 3 incomplete, 4 waits for a person, 5 the thread is busy in " +
        "another process, 6 refused, 130 interrupted, 141 stdout or stderr was closed (the run stops, and can be gone on with).",
    );
  command.action(() =>
    take({ goal: command.args.length === 0 ? undefined : command.args.join(" "), flags: {} }),
  );
  addNamedCommands(command, take);
  return command;
}

/** Adds the flags of one group of the agent's options, under the group's heading. */
function addFlags(command: Command, group: FlagGroup): void {
  command.optionsGroup(HEADINGS[group]);
  for (const field of FLAG_FIELDS) {
    if ((field.flag?.group ?? "plans") === group) {
      addFlag(command, field);
    }
  }
}

function addFlag(command: Command, field: PlacedField): void {
  const { name, flag: { argument, help } = { help: "" } } = field;
  const words = [flagOf(name), argument].filter((word) => word !== undefined).join(" ");
  if (isRepeated(field)) {
    command.option(words, `${help}${defaultOf(field)}`, collect);
  } else {
    command.option(words, `${help}${defaultOf(field)}`);
  }
}

/** Describes a flag's default. An off switch and an empty list need no words. */
function defaultOf({ shownDefault }: PlacedField): string {
  const isSaid = typeof shownDefault === "number" || typeof shownDefault === "string";
  return isSaid ? ` (default: ${shownDefault})` : "";
}
