import { isRecord, LONGEST_TIMER_MS, toVisible } from "../../base/index.js";
import type { CommandOptions } from "../options/index.js";
import { toOneLine } from "../showing/index.js";
import type { Surroundings } from "../surroundings.js";
import type { AgentTools } from "./agent-tools.js";
import type { ShowForm } from "./elicit-answer.js";
import type { Caller } from "./held-threads.js";
import type { CallExtra, McpSdk, SdkServer, ToolResult } from "./load-sdk.js";
import { createProgressTeller } from "./progress-teller.js";
import { toErrorResult } from "./run-result.js";
import {
  answerSchema,
  goalSchema,
  noneSchema,
  runResultSchema,
  threadSchema,
  threadsResultSchema,
} from "./tool-schemas.js";

const INSTRUCTIONS =
  "An agent that makes a plan for a goal, carries it out and answers. run does all of it; plan only plans, and resume then " +
  "carries the plan out. A run may wait for a person (status waiting): its result says how they decide. Do not decide in " +
  "their place. Each run is a thread, which is kept: status and threads find it again, and run with its threadId asks a follow-up.";

const MAX_CLIENT_NAME = 60;

/** What acts may do anything that the agent's tools do. */
const ACTS = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true };
const PLANS = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };
const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

/** What a server is made with. */
export interface ServerParts {
  readonly sdk: McpSdk;
  readonly tools: AgentTools;
  /** The names of the agent's own tools. */
  readonly toolNames: readonly string[];
  readonly options: Pick<CommandOptions, "answers">;
  readonly surroundings: Pick<Surroundings, "version" | "repeat">;
}

/** Creates the server for one client. */
export function createServer(parts: ServerParts): SdkServer {
  const { sdk, tools, options, surroundings } = parts;
  const server = new sdk.McpServer(
    { name: "plan-execute", title: "Plan and execute", version: surroundings.version },
    { instructions: INSTRUCTIONS },
  );
  const handle =
    <Given>(work: (given: Given, caller: Caller) => Promise<ToolResult>) =>
    async (given: Given, extra: CallExtra): Promise<ToolResult> => {
      const progress = createProgressTeller(extra, surroundings.repeat);
      try {
        return await work(given, toCaller(server, sdk, extra, progress.tell));
      } catch (error) {
        return toErrorResult(error);
      } finally {
        await progress.end();
      }
    };
  server.registerTool(
    "run",
    {
      title: "Carry out a goal",
      description: `Makes a plan for a goal, carries it out and answers.${describeTools(parts)}`,
      inputSchema: goalSchema,
      outputSchema: runResultSchema,
      annotations: ACTS,
    },
    handle(tools.run),
  );
  server.registerTool(
    "plan",
    {
      title: "Plan a goal",
      description: "Makes a plan for a goal and does nothing of it. resume with its threadId carries it out.",
      inputSchema: goalSchema,
      outputSchema: runResultSchema,
      annotations: PLANS,
    },
    handle(tools.plan),
  );
  const resume = {
    title: "Go on with a thread",
    description:
      "Goes on with a thread that was planned, cut off, or waits. What waits is decided by the person, and never by you.",
    outputSchema: runResultSchema,
    annotations: ACTS,
  };
  if (options.answers === "resume") {
    server.registerTool("resume", { ...resume, inputSchema: answerSchema }, handle(tools.resume));
  } else {
    server.registerTool("resume", { ...resume, inputSchema: threadSchema }, handle(tools.resume));
  }
  server.registerTool(
    "status",
    {
      title: "Look at a thread",
      description: "Says where a thread stands: its steps, its answer, and what waits. It changes nothing.",
      inputSchema: threadSchema,
      outputSchema: runResultSchema,
      annotations: READS,
    },
    handle(tools.status),
  );
  server.registerTool(
    "threads",
    {
      title: "List threads",
      description:
        "Lists the threads that changed last, each with its goal and what waits. It changes nothing.",
      inputSchema: noneSchema,
      outputSchema: threadsResultSchema,
      annotations: READS,
    },
    handle(tools.threads),
  );
  return server;
}

function describeTools({ toolNames }: ServerParts): string {
  return toolNames.length === 0 ? "" : ` The agent's own tools: ${toolNames.join(", ")}.`;
}

function toCaller(
  server: SdkServer,
  { ElicitResultSchema }: McpSdk,
  { signal, sendRequest }: CallExtra,
  tell: (message: string) => void,
): Caller {
  // A person may take their time. Whoever no longer waits cancels the call.
  const showForm: ShowForm = (message, requestedSchema) =>
    sendRequest(
      { method: "elicitation/create", params: { mode: "form", message, requestedSchema } },
      ElicitResultSchema,
      { signal, timeout: LONGEST_TIMER_MS },
    );
  return {
    name: toName(server.server.getClientVersion()?.name),
    signal,
    tell,
    ...(hasForms(server.server.getClientCapabilities()) ? { showForm } : {}),
  };
}

/** A client's name stands in records of who decided: short enough that what is said beside it is never cut off. */
function toName(name = ""): string {
  return toVisible(toOneLine(name, MAX_CLIENT_NAME)) || "without a name";
}

/** Whether a client shows forms. One that only says `elicitation: {}` does; one that names modes has to name this one. */
function hasForms(capabilities: unknown): boolean {
  const { elicitation } = isRecord(capabilities) ? capabilities : {};
  return isRecord(elicitation) && ("form" in elicitation || Object.keys(elicitation).length === 0);
}
