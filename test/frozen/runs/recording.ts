import { INTERRUPT } from "@langchain/langgraph";
import type { AgentEvent } from "langgraph-plan-execute";
import { z } from "zod";
import { type Resume, requestSchema } from "../../support/approval.js";

/** The input of a graph: a goal, a command, or null. */
export type GraphInput = { readonly input: string } | Resume | null;

/** The part of a graph that we use: the agent's, or one around it. */
export interface StreamingGraph {
  stream(
    input: GraphInput,
    options: {
      readonly configurable: Record<string, unknown>;
      readonly signal?: AbortSignal;
      readonly streamMode: ["custom", "updates", "values"];
      readonly subgraphs?: false;
    },
  ): Promise<AsyncIterable<readonly [mode: string, chunk: unknown]>>;
  getState(config: { readonly configurable: Record<string, unknown> }): Promise<{ readonly values: unknown }>;
}

/** How a part of a run is streamed. */
export interface PartOptions {
  /** @default the thread "1" */
  readonly configurable?: Record<string, unknown>;
  readonly signal?: AbortSignal;
}

/** One part of a run: the result of one input, or of one change from outside. */
export interface RecordedPart {
  readonly did: string;
  /** The custom events as the stream gave them, in order. */
  readonly events: readonly unknown[];
  /** The events that the listener got, if they differ. */
  readonly told?: readonly unknown[];
  /** The nodes whose updates were streamed, in order. */
  readonly nodes: readonly string[];
  /** What waits for a person. */
  readonly request?: unknown;
  /** The error that the caller got. */
  readonly error?: string;
  /** The public fields of the state. */
  readonly output?: unknown;
}

export interface RecordedCall {
  readonly tool: string;
  readonly args: unknown;
  readonly key: string;
}

/** A recorded run: its parts, and the calls that its tools got. */
export interface RecordedRun {
  readonly parts: readonly RecordedPart[];
  readonly calls: readonly RecordedCall[];
}

/** Runs by the names of their files. */
export type GoldenRuns = Readonly<Record<string, (recording: Recording) => Promise<void>>>;

/** Records everything about a run that can be seen from outside. */
export class Recording implements RecordedRun {
  readonly parts: RecordedPart[] = [];
  readonly calls: RecordedCall[] = [];
  #told: AgentEvent[] = [];

  /** The listener for the agent's events. */
  readonly listen = (event: AgentEvent): void => {
    this.#told.push(event);
  };

  readonly note = (call: RecordedCall): void => {
    this.calls.push(call);
  };

  /** Sends an input to a graph, and records the result. */
  async stream(
    did: string,
    graph: StreamingGraph,
    input: GraphInput,
    { signal, configurable = { thread_id: "1" } }: PartOptions = {},
  ): Promise<void> {
    const events: unknown[] = [];
    const nodes: string[] = [];
    let request: unknown;
    let output: unknown;
    let error: string | undefined;
    try {
      const streamMode: ["custom", "updates", "values"] = ["custom", "updates", "values"];
      for await (const [mode, chunk] of await graph.stream(input, { configurable, signal, streamMode })) {
        if (mode === "custom") {
          events.push(chunk);
        } else if (mode === "updates") {
          nodes.push(...nodesIn(chunk));
        } else if (!Reflect.has(Object(chunk), INTERRUPT)) {
          output = chunk;
        }
        if (mode === "updates") {
          request = requestIn(chunk) ?? request;
        }
      }
    } catch (thrown) {
      error = String(thrown);
      output = (await graph.getState({ configurable: { thread_id: configurable.thread_id } })).values;
    }
    this.#close({ did, events, nodes, request, error, output: publicFields(output) });
  }

  /** Records the result of something that is done from outside a run. */
  async outside(did: string, work: () => Promise<unknown>): Promise<void> {
    await work();
    this.#close({ did, events: this.#told, nodes: [] });
  }

  #close(part: RecordedPart): void {
    const told = this.#told;
    this.#told = [];
    this.parts.push(JSON.stringify(told) === JSON.stringify(part.events) ? part : { ...part, told });
  }
}

/** The request in an update. An update contains it in two spellings; the second is left out. */
function requestIn(update: unknown): unknown {
  const [asked] = z
    .array(z.object({ value: requestSchema }))
    .safeParse(Reflect.get(Object(update), INTERRUPT)).data ?? [undefined];
  if (asked === undefined) {
    return undefined;
  }
  const { action_requests: _actions, review_configs: _configs, ...request } = asked.value;
  return request;
}

/** The nodes and steps that an update is from. LangGraph's own keys begin with underscores. */
function nodesIn(update: unknown): string[] {
  return Object.keys(Object(update)).filter((node) => !node.startsWith("__"));
}

/** The public fields of a state. Messages are reduced to their type and text. */
function publicFields(values: unknown): unknown {
  const { response, status, outcome, plan, pastSteps, usage, messages } = Object(values);
  const shown = z.array(z.looseObject({ type: z.string(), text: z.string() })).safeParse(messages).data ?? [];
  const conversation = shown.map(({ type, text }) => [type, text]);
  return { response, status, outcome, plan, pastSteps, usage: shownUsage(usage), conversation };
}

/** The total usage, and how many calls each role and each step made. */
function shownUsage(usage: unknown): unknown {
  if (usage === undefined) {
    return undefined;
  }
  const calls = z.looseObject({ calls: z.number() }).transform((count) => count.calls);
  return z
    .object({
      calls: z.number(),
      failedCalls: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      costUsd: z.number().nullable(),
      cutOff: z.number().optional(),
      byRole: z.record(z.string(), calls),
      byStep: z.record(z.string(), calls),
    })
    .parse(usage);
}
