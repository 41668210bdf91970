import { Command } from "commander";

/** The command's options, as commander knows them; what their values must be is said in the schema of options. */
export function defineCommand(version: string): Command {
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
