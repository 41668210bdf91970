import { ChatOpenAI } from "@langchain/openai";
import { onTestFinished } from "vitest";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../src/agent/index.js";
import type { AgentEvent } from "../../src/events/index.js";
import { echo } from "../support/agent-run.js";
import { type ModelReply, type ModelRequest, startOpenAiServer } from "../support/openai-server.js";

let names = 0;

/** An agent at a server on loopback, whose model nobody has asked before. So nothing is known of it. */
export async function schemaAgent(
  script: (request: ModelRequest, index: number) => ModelReply,
  options: PlanExecuteOptions = {},
  fields: { readonly temperature?: number } = {},
) {
  const server = await startOpenAiServer(script);
  onTestFinished(() => server.close());
  names += 1;
  const model = new ChatOpenAI({
    model: `small-${names}`,
    apiKey: "none",
    ...fields,
    configuration: { baseURL: server.environment.OPENAI_BASE_URL },
  });
  const events: AgentEvent[] = [];
  const agent = createPlanExecuteAgent({
    model,
    tools: [echo],
    executor: { retry: { baseMs: 0, maxMs: 0 } },
    onEvent: (event) => events.push(event),
    ...options,
    planner: { method: "schema", ...options.planner },
  });
  return { agent, model, server, events };
}

/** A plan as text that was held to a schema. */
export const held = (...steps: readonly unknown[]): ModelReply => ({ text: JSON.stringify({ steps }) });

/** The schema that an answer was held to; undefined if it was not. */
export function schemaOf({ response_format: format }: ModelRequest): unknown {
  return Reflect.get(Object(Reflect.get(Object(format), "json_schema")), "schema");
}

/** How each request asked for its answer. */
export function waysOf(requests: readonly ModelRequest[]): string[] {
  return requests.map((request) =>
    schemaOf(request) !== undefined ? "schema" : request.tools === undefined ? "text" : "tool",
  );
}
