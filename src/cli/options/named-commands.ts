// Each command stands for flags: `resume t approve` is `--thread t --resume approve`. So both are read, checked and
// carried out by the same code.
import { type Command, Help, type Option } from "commander";
import { isAgentFile } from "../../agent-file/index.js";

/** What a command sets, by commander's names for the flags, and the goal. */
export interface NamedCall {
  readonly goal?: string;
  readonly flags: Readonly<Record<string, unknown>>;
}

interface NamedCommand {
  readonly name: string;
  /** The words after the command, as commander writes them, each with its help. */
  readonly words: readonly (readonly [word: string, help: string])[];
  readonly description: string;
  /** What its help shows: groups of flags, by the beginning of their headings, and single flags. */
  readonly shown: readonly string[];
  read(words: readonly string[]): NamedCall;
}

const THREAD = ["<thread>", "the thread's id, as threads lists it"] as const;
const WHERE = ["--checkpointer", "--json"];
const EVERY_GROUP = ["--checkpointer", "Models", "Tools", "Plans", "Limits", "Output"];

export const NAMED_COMMANDS: readonly NamedCommand[] = [
  {
    name: "run",
    words: [
      [
        "[goal...]",
        'what is to be done, in quotes; "-" reads it from stdin; before it, an agent\'s file: agent.yaml',
      ],
    ],
    description: "carry out a goal, with --thread as the next turn of a thread",
    shown: ["Threads", ...EVERY_GROUP],
    read(words) {
      const [first, ...rest] = words;
      const isFile = first !== undefined && isAgentFile(first);
      const goal = isFile ? rest : words;
      return {
        goal: goal.length === 0 ? undefined : goal.join(" "),
        flags: isFile ? { graph: first } : {},
      };
    },
  },
  {
    name: "resume",
    words: [THREAD, ["[answer]", "approve, reject or JSON; without it you are asked what waits"]],
    description: "go on with a thread that waits or was cut off",
    shown: EVERY_GROUP,
    read: ([thread, resume]) => ({ flags: { thread, resume } }),
  },
  {
    name: "threads",
    words: [],
    description: "list the threads that changed last, with what waits in them",
    shown: WHERE,
    read: () => ({ flags: { threads: true } }),
  },
  {
    name: "show",
    words: [THREAD],
    description: "show a thread: goal, plan, what waits, answer, usage",
    shown: WHERE,
    read: ([show]) => ({ flags: { show } }),
  },
  {
    name: "report",
    words: [THREAD],
    description: "write one HTML page of a thread: plan, time, cost, steps, decisions",
    shown: ["--checkpointer", "--graph", "--out", "--against", "--follow"],
    read: ([report]) => ({ flags: { report } }),
  },
  {
    name: "serve",
    words: [["[agent]", "an agent's file (agent.yaml), or what else --graph takes"]],
    description:
      "open the pages of all threads in a browser, and decide there what waits; with --mcp, be an MCP server",
    shown: ["--checkpointer", "--port", "MCP", "Models", "Tools", "Plans", "Limits"],
    read: ([graph]) => ({ flags: { serve: true, graph } }),
  },
  {
    name: "steer",
    words: [THREAD, ["[message...]", "what you want changed"]],
    description:
      "change a thread that stopped (also --skip, --retry, --edit-plan, --give-up), and go on with it",
    shown: ["Threads", "Output"],
    read: ([thread, ...message]) => ({
      flags: { thread, steer: message.length === 0 ? undefined : message.join(" ") },
    }),
  },
  {
    name: "worker",
    words: [
      [
        "<agents...>",
        "the agents: files (agent.yaml), graphs, or modules that export createGraph; each has its file's name",
      ],
    ],
    description: "work on the queue of a PostgreSQL database until SIGTERM, with --concurrency runs at once",
    shown: ["--checkpointer", "--concurrency", "--tenant-runs", "--drain", "Models"],
    read: (worker) => ({ flags: { worker } }),
  },
  {
    name: "enqueue",
    words: [
      ["<agent>", "the agent's name, or its file"],
      ["<goal...>", "what is to be done, in quotes"],
    ],
    description: "add a turn to the queue of a PostgreSQL database, for its workers",
    shown: ["--checkpointer", "--thread", "--tenant", "--priority", "--at", "--cron", "--json"],
    read: ([enqueue, ...goal]) => ({ goal: goal.join(" "), flags: { enqueue } }),
  },
  {
    name: "migrate",
    words: [],
    description: "bring all tables of a PostgreSQL database up to date, as workers do by themselves",
    shown: ["--checkpointer", "--print", "--json"],
    read: () => ({ flags: { migrate: true } }),
  },
  {
    name: "audit",
    words: [
      ["<what>", "verify: whether the log is whole and unchanged; show: what it tells"],
      ["<path>", "the log's file"],
    ],
    description: "check or read an audit log",
    shown: ["--json"],
    read: ([audit, auditPath]) => ({ flags: { audit, auditPath } }),
  },
  {
    name: "init",
    words: [["[folder]", "where to write it (default: the current folder)"]],
    description: "write a small commented project with an agent of your own, ready for Studio",
    shown: [],
    read: ([folder]) => ({ flags: { init: folder ?? "." } }),
  },
  {
    name: "completion",
    words: [["<shell>", "bash, zsh or fish"]],
    description: "print what completes this command in your shell",
    shown: [],
    read: ([completion]) => ({ flags: { completion } }),
  },
];

/** Adds the commands to commander's. `take` gets what was called. */
export function addNamedCommands(command: Command, take: (call: NamedCall) => void): void {
  command.helpCommand(false);
  for (const { name, words, description, read, shown } of NAMED_COMMANDS) {
    const named = command.command(name).description(description);
    for (const [word, help] of words) {
      named.argument(word, help);
    }
    const isShown = ({ long, helpGroupHeading = "" }: Option) =>
      shown.some((one) => one === long || helpGroupHeading.startsWith(one));
    named.configureHelp({
      visibleOptions: (own) => [...new Help().visibleOptions(own), ...command.options.filter(isShown)],
    });
    named.action(() => take(read(named.args)));
  }
}
