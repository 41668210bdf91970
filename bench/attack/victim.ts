import { randomUUID } from "node:crypto";
import { tool } from "@langchain/core/tools";
import {
  type BaseCheckpointSaver,
  type Command,
  MemorySaver,
  type StateSnapshot,
} from "@langchain/langgraph";
import { z } from "zod";
import {
  type AgentTool,
  createPlanExecuteAgent,
  type PlanExecuteAgent,
  type PlanExecuteOptions,
} from "../../src/index.js";
import { answer, isWaiting, requestOf, type ShownRequest } from "../../test/support/approval.js";
import {
  planCall,
  type ScriptByRole,
  type ScriptedModel,
  scriptedByRole,
} from "../../test/support/scripted-model.js";
import { assertSetUp } from "./case.js";

/** A call that reached a tool. */
export interface SpiedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The idempotency key that the tool received. */
  readonly key: unknown;
}

/** What an attacker does with an agent: anything that JavaScript allows, with or without types. */
export interface AttackedAgent {
  invoke(input: unknown, config?: object): Promise<object>;
  stream(input: unknown, config?: object): Promise<AsyncIterable<unknown>>;
  batch(inputs: unknown[], config?: object): Promise<object[]>;
  streamEvents(input: unknown, config: object): AsyncIterable<unknown>;
  getState(config: object): Promise<StateSnapshot>;
  getStateHistory(config: object): AsyncIterable<StateSnapshot>;
  updateState(config: object, values: unknown, asNode?: string): Promise<object>;
  bulkUpdateState(config: object, supersteps: unknown): Promise<object>;
  withConfig(config: object): AttackedAgent;
}

/** The result of one call of the agent. */
export interface Outcome {
  /** What a person is asked, if the run waits. */
  readonly request?: ShownRequest;
  readonly output?: object;
  readonly error?: unknown;
}

/** An agent to attack, and how it is made. */
export interface VictimOptions extends Omit<PlanExecuteOptions, "model" | "tools"> {
  /** The steps of the planner's one plan. @default one payment of 5 */
  readonly steps?: readonly unknown[];
  /** What the other roles of the model answer. */
  readonly script?: ScriptByRole;
  /** Tools in addition to the usual ones. */
  readonly moreTools?: (victim: Victim) => readonly AgentTool[];
}

/** One payment, which waits under the usual rule. */
export const payStep = {
  id: "pay",
  description: "Pay the bill",
  tool: "pay",
  args: { amount: 5, to: "acme" },
};
const noWait = { baseMs: 0, maxMs: 0 } as const;

/**
 * An agent with tools that record their calls: `pay` and `transfer` move money, `look_up` only reads, `flaky` always
 * fails.
 */
export class Victim {
  readonly calls: SpiedCall[] = [];
  readonly thread = { configurable: { thread_id: randomUUID() } };
  readonly model: ScriptedModel;
  readonly agent: AttackedAgent;
  readonly checkpointer: BaseCheckpointSaver;

  constructor(options: VictimOptions = {}) {
    const { steps = [payStep], script = {} } = options;
    this.model = scriptedByRole({ planner: planCall(steps), replanner: "the answer", ...script });
    this.checkpointer = typeof options.checkpointer === "object" ? options.checkpointer : new MemorySaver();
    this.agent = this.build(options);
  }

  /** Another build of the agent, on the same threads, with the same model. */
  build({ steps: _, script: __, moreTools, ...options }: VictimOptions): PlanExecuteAgent {
    const { executor, ...others } = options;
    return createPlanExecuteAgent({
      checkpointer: this.checkpointer,
      ...others,
      model: this.model,
      tools: [...this.tools(), ...(moreTools?.(this) ?? [])],
      executor: { retry: noWait, ...executor },
    });
  }

  tools(): AgentTool[] {
    const money = z.object({ amount: z.number(), to: z.string().optional(), memo: z.string().optional() });
    const what = z.object({ what: z.string().optional() });
    return [
      this.spy("pay", money, () => "paid"),
      this.spy("transfer", money, () => "transferred"),
      this.spy("look_up", what, ({ what }) => `found ${what}`, true),
      this.spy("flaky", what, () => {
        throw new Error("out of order");
      }),
    ];
  }

  /** A tool that records its calls. */
  spy<Schema extends z.ZodObject>(
    name: string,
    schema: Schema,
    does: (args: z.infer<Schema>) => unknown,
    readOnly = false,
  ): AgentTool {
    return tool(
      async (args: z.infer<Schema>, config) => {
        this.calls.push({ tool: name, args, key: config.configurable?.idempotency_key });
        return does(args);
      },
      { name, description: `The tool ${name}`, schema, metadata: { readOnly } },
    );
  }

  /** Begins a turn on the victim's thread. */
  begin(extra: object = {}, agent = this.agent): Promise<Outcome> {
    return this.run({ input: "Do it" }, extra, agent);
  }

  /** Begins a turn that has to stop for a person. If it does not stop, the case is not set up. */
  async beginToWait(extra: object = {}): Promise<ShownRequest> {
    const { request, error } = await this.begin(extra);
    assertSetUp(request !== undefined, `the run did not wait: ${String(error)}`);
    return request;
  }

  /** Answers what waits. */
  answer(value: unknown, extra: object = {}, agent = this.agent): Promise<Outcome> {
    return this.run(answer(value), extra, agent);
  }

  /** Makes one decision for each action that waits, and returns the outcome. */
  decide(decisions: readonly unknown[], extra: object = {}, agent = this.agent): Promise<Outcome> {
    return this.answer({ decisions }, extra, agent);
  }

  /** Continues without an answer. */
  goOn(extra: object = {}, agent = this.agent): Promise<Outcome> {
    return this.run(null, extra, agent);
  }

  /** Sends any input or command to the victim's thread. */
  async run(
    input: unknown | Command,
    { configurable = {}, ...extra }: { configurable?: object } & object = {},
    agent = this.agent,
  ): Promise<Outcome> {
    const config = { ...extra, configurable: { ...this.thread.configurable, ...configurable } };
    try {
      const output = await agent.invoke(input, config);
      return { output, ...(isWaiting(output) && asks(output) ? { request: requestOf(output) } : {}) };
    } catch (error) {
      return { error };
    }
  }

  /** Writes into the thread from outside. Returns the error if the write is refused. */
  async write(values: unknown, asNode?: string): Promise<unknown> {
    try {
      await this.agent.updateState(this.thread, values, asNode);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async state(): Promise<Record<string, unknown>> {
    const { values } = await this.agent.getState(this.thread);
    return z.record(z.string(), z.unknown()).parse(values);
  }

  callsOf(name: string): SpiedCall[] {
    return this.calls.filter((call) => call.tool === name);
  }

  /** All calls that move money or look like a failure, as text. */
  told(): string {
    return (
      this.calls.map(({ tool: name, args }) => `${name}(${JSON.stringify(args)})`).join(", ") || "no call"
    );
  }
}

function asks(output: object): boolean {
  const interrupts: unknown = Reflect.get(output, "__interrupt__");
  return Array.isArray(interrupts) && interrupts.length > 0;
}
