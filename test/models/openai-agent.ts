import { onTestFinished, vi } from "vitest";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../src/agent/index.js";
import type { AgentEvent } from "../../src/events/index.js";
import { echo } from "../support/agent-run.js";
import {
  type ModelReply,
  type ModelRequest,
  type OpenAiServer,
  planReply,
  startOpenAiServer,
} from "../support/openai-server.js";

/** Sets environment variables until the test ends. */
export function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    vi.stubEnv(name, value);
  }
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** An agent whose model is OpenAI's, at a server on loopback that ends with the test. */
export async function openAiAgent(
  script: readonly ModelReply[] | ((request: ModelRequest, index: number) => ModelReply),
  options: PlanExecuteOptions = {},
): Promise<{
  readonly agent: ReturnType<typeof createPlanExecuteAgent>;
  readonly server: OpenAiServer;
  readonly events: readonly AgentEvent[];
}> {
  const server = await startOpenAiServer((request, index) =>
    typeof script === "function"
      ? script(request, index)
      : (script[index] ?? { status: 500, text: "The script is over." }),
  );
  onTestFinished(() => server.close());
  setEnvironment({ ...server.environment, PLAN_EXECUTE_MODEL: undefined });
  const events: AgentEvent[] = [];
  const agent = createPlanExecuteAgent({
    tools: [echo],
    executor: { retry: { baseMs: 0, maxMs: 0 } },
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { agent, server, events };
}

/** A plan of one direct step, as the server's answer. */
export const servedPlan: ModelReply = planReply([{ tool: "echo", args: { value: "out" } }]);
