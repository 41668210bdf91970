import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import {
  type ModelReply,
  type ModelRequest,
  type OpenAiServer,
  planReply,
  startOpenAiServer,
} from "../../../test/support/openai-server.js";
import type { Moment, Phase } from "./phases.js";
import { firstSteps, gatedTool, rightAnswer, secondSteps } from "./ragged-plan.js";

/** One request to a model. The same call has the same name when it is made again. */
export interface ModelCall {
  /** The name of the run's model. Each run has a model of its own. */
  readonly run: string;
  /** What is asked: `planner`, `call:<step>`, `agent:<step>#<round>`, `replanner` or `answer`. */
  readonly name: string;
}

/** A listener for a run's model calls. */
export interface ModelWatcher {
  onCall(call: ModelCall): void;
  onMoment(moment: Moment): void;
}

/** A model that outlives the processes that ask it, answers slowly, and knows what it was asked. */
export interface ModelServer extends Pick<OpenAiServer, "environment"> {
  /** Reports the calls of a run from now on. Returns a function that ends this. */
  watch(run: string, watcher: ModelWatcher): () => void;
  close(): Promise<void>;
}

/** Roughly how long an answer takes, whatever its length. */
const ANSWER_MS = 75;

/** Starts the model of the ragged plan on a free port of loopback. */
export async function startModelServer(): Promise<ModelServer> {
  const watchers = new Map<string, ModelWatcher>();
  let calls = 0;
  const server = await startOpenAiServer((request) => {
    const { name, phase, reply } = answerTo(request);
    calls += 1;
    const id = `${name}@${calls}`;
    const watcher = watchers.get(request.model);
    watcher?.onCall({ run: request.model, name });
    const pace = async (sent: number, of: number) => {
      if (sent === 0) {
        watcher?.onMoment({ phase, id, at: "begin", ms: ANSWER_MS });
      }
      await delay(ANSWER_MS / of);
      if (sent === of - 1) {
        watcher?.onMoment({ phase, id, at: "end" });
      }
    };
    return { ...reply, pace };
  });
  return {
    environment: server.environment,
    watch(run, watcher) {
      watchers.set(run, watcher);
      return () => watchers.delete(run);
    },
    close: () => server.close(),
  };
}

interface Answer {
  readonly name: string;
  readonly phase: Phase;
  readonly reply: ModelReply;
}

function answerTo({ messages, tools = [], tool_choice: choice }: ModelRequest): Answer {
  const bound = tools.map((tool) => tool.function.name);
  const prompt = messages.map(({ content }) => textOf(content)).join("\n");
  if (bound.length === 0) {
    return closingAnswer(prompt);
  }
  if (bound.includes("respond")) {
    return { name: "replanner", phase: "new plan streaming", reply: planReply(secondSteps) };
  }
  if (bound.includes("plan")) {
    return { name: "planner", phase: "plan streaming", reply: planReply(firstSteps) };
  }
  const phase = "step's model call";
  const step = /name=(\w+)/.exec(prompt)?.[1] ?? "";
  const args = { name: step, ms: 35, from: [] };
  if (choice !== undefined) {
    return { name: `call:${step}`, phase, reply: { calls: [{ name: "look_up", args }] } };
  }
  const found = messages.filter(({ role }) => role === "tool").map(({ content }) => textOf(content));
  const name = `agent:${step}#${found.length}`;
  if (found.length > 0) {
    return { name, phase, reply: { text: JSON.stringify({ found: found.at(-1) }) } };
  }
  const tool = step === "announce" ? gatedTool : "look_up";
  return { name, phase, reply: { calls: [{ name: tool, args }] } };
}

function closingAnswer(prompt: string): Answer {
  const line = prompt.split("\n").findLast((candidate) => candidate.startsWith('{"id":"z",')) ?? "{}";
  const { output } = z.object({ output: z.unknown() }).parse(JSON.parse(line));
  return { name: "answer", phase: "answer streaming", reply: { text: rightAnswer(output) } };
}

function textOf(content: unknown): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}
