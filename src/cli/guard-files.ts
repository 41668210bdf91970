import { resolve } from "node:path";
import type { PlanExecuteOptions } from "../agent/index.js";
import type { AgentFile } from "../agent-file/index.js";
import type { ApprovalRule } from "../policy/index.js";
import { createReplaceCheck } from "../tools/index.js";
import { locateGraph } from "./load-graph.js";
import type { CommandOptions } from "./options/index.js";
import { canAsk, type Surroundings } from "./surroundings.js";

const TOOL = "write_file";

// Only a file that says something else is replaced by a call. A new file needs no leave: whoever asks for
// "… to out.txt" wants it, in a terminal and in CI. The same text again changes nothing, so a run that was cut off
// after it wrote, and a job that runs each night with the same result, go through.
/**
 * Adds the rule that `write_file` replaces no file unasked: in a terminal the person is asked, and elsewhere the call
 * is refused unless --yes was given. It is for the tools whose folder the command knows, and --approve-tools
 * write_file, by which each call waits, goes before it.
 */
export function withGuardedFiles(
  given: PlanExecuteOptions,
  options: CommandOptions,
  surroundings: Pick<Surroundings, "environment" | "folder" | "stdin" | "stderr">,
  file?: AgentFile,
): PlanExecuteOptions {
  const root = file === undefined ? filesOf(options, surroundings) : file.writesIn;
  const { approval } = given;
  const { tools: rules = {} } = approval ?? {};
  const own = file?.options.approval?.tools;
  const isHeld = [rules, own].some((one) => one === "destructive" || one?.[TOOL] !== undefined);
  // Whatever destroys something waits already, then.
  if (options.yes || root === undefined || rules === "destructive" || isHeld) {
    return given;
  }
  const wouldReplace = createReplaceCheck({ root });
  const rule: ApprovalRule = {
    when: wouldReplace,
    description: ({ path }) => `${String(path)} is there already, and this replaces what it says.`,
    ...(canAsk(options, surroundings)
      ? {}
      : {
          refuse: async (args) =>
            (await wouldReplace(args))
              ? `${String(args.path)} is there already, and nobody is here who could be asked. --yes lets files be replaced.`
              : undefined,
        }),
  };
  return { ...given, approval: { ...approval, tools: { ...rules, [TOOL]: rule } } };
}

/** The folder that `write_file` writes in. Undefined for a graph that chooses its own. */
function filesOf(
  { graph, root = "." }: CommandOptions,
  { environment, folder }: Pick<Surroundings, "environment" | "folder">,
): string | undefined {
  if (graph === undefined) {
    return resolve(folder, root);
  }
  return locateGraph(graph, folder) === "general"
    ? environment.PLAN_EXECUTE_ROOT || process.cwd()
    : undefined;
}
