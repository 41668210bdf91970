import { ChatOpenAI } from "@langchain/openai";
import type { Architecture } from "./architectures/architecture.js";
import { type ModelName, usdOf } from "./cost-model.js";
import type { LoggedCall } from "./model/call-log.js";
import type { ModelServer } from "./model/start-server.js";
import { createTools } from "./tools.js";
import { answerOf, trueOutputs, type Work } from "./work.js";

/** What one architecture took for one work. */
export interface Measured {
  readonly work: string;
  readonly architecture: string;
  readonly models: Architecture["models"];
  /** In seconds of the cost model: the clock's time, divided by the scale. */
  readonly seconds: number;
  readonly calls: readonly LoggedCall[];
  readonly usdFor1000: number;
  readonly answer: string;
  readonly isRight: boolean;
}

/** Lets an architecture do a work once. */
export async function runOne(
  architecture: Architecture,
  work: Work,
  server: ModelServer,
  scale: number,
  run: string,
): Promise<Measured> {
  const baseURL = server.urlFor(run, architecture.family, work.name);
  const task = {
    work,
    tools: createTools(work, scale),
    // A retry would be a call that no architecture made.
    model: (name: ModelName, callsOneAtATime = false) =>
      new ChatOpenAI({
        model: name,
        apiKey: "none",
        maxRetries: 0,
        configuration: { baseURL },
        ...(callsOneAtATime ? { modelKwargs: { parallel_tool_calls: false } } : {}),
      }),
  };
  const began = performance.now();
  const answer = await architecture.run(task).catch(async (error: unknown) => {
    await server.callsOf(run);
    throw error;
  });
  const seconds = (performance.now() - began) / 1_000 / scale;
  const calls = await server.callsOf(run);
  const usd = calls.map(({ model, inputTokens, outputTokens }) => usdOf(model, inputTokens, outputTokens));
  return {
    work: work.name,
    architecture: architecture.name,
    models: architecture.models,
    seconds,
    calls,
    usdFor1000: usd.reduce((sum, one) => sum + one, 0) * 1_000,
    answer,
    isRight: answer.trim() === answerOf(work, trueOutputs(work)).trim(),
  };
}
