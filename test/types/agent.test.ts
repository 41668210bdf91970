// What a program that uses the agent is told by the compiler. `tsc -p .` holds it; at run time these tests do nothing.
import type { BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import {
  Annotation,
  Command,
  type CompiledStateGraph,
  MemorySaver,
  type Pregel,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { expectTypeOf, test } from "vitest";
import {
  type AgentEvent,
  type AgentInterrupt,
  type AgentState,
  type ApprovalRequest,
  createPlanExecuteAgent,
  createPlanExecuteGraph,
  type PlanExecuteAgent,
} from "../../src/index.js";

const agent = createPlanExecuteAgent();
const config = { configurable: { thread_id: "1" } };

test("a run's result names what it holds, and what waits", () => {
  const read = async () => {
    const run = await agent.invoke({ input: "go" }, { context: { maxSteps: 3, tenant: "ours" } });
    expectTypeOf(run.messages).toEqualTypeOf<BaseMessage[]>();
    expectTypeOf(run.response).toEqualTypeOf<string>();
    expectTypeOf(run.__interrupt__).toEqualTypeOf<AgentInterrupt[] | undefined>();
    if (agent.isInterrupted(run)) {
      expectTypeOf(run.__interrupt__[0]?.value).toEqualTypeOf<ApprovalRequest | undefined>();
      expectTypeOf(run.status).toEqualTypeOf<AgentState["status"]>();
    }
  };
  expectTypeOf(read).returns.resolves.toBeVoid();
});

test("a run's context, input and update are checked", () => {
  const misuse = () => [
    // @ts-expect-error a number is wanted
    agent.invoke({ input: "go" }, { context: { maxSteps: "three" } }),
    // @ts-expect-error the goal is a text
    agent.invoke({ input: 5 }),
    // @ts-expect-error there is no such channel
    agent.invoke({ inputs: "go" }),
    // @ts-expect-error steps are objects
    agent.updateState(config, { plan: ["a"] }),
  ];
  const use = () => [
    agent.invoke({ messages: ["go"] }),
    agent.invoke({ messages: [{ role: "user", content: "go" }] }),
    agent.invoke(new Command({ resume: { decisions: [{ type: "approve" }] } }), config),
    agent.invoke(null, config),
    agent.batch([{ input: "a" }, { input: "b" }], [config, config]),
    agent.updateState(config, { steering: [{ type: "skip", stepId: "a" }] }),
  ];
  expectTypeOf(misuse).toBeFunction();
  expectTypeOf(use).toBeFunction();
});

test("each stream mode has its own chunks", () => {
  const read = async () => {
    for await (const event of await agent.stream({ input: "go" }, { streamMode: "custom" })) {
      expectTypeOf(event).toEqualTypeOf<AgentEvent>();
    }
    for await (const values of await agent.stream({ input: "go" }, { streamMode: "values" })) {
      expectTypeOf(values.planVersions).toEqualTypeOf<AgentState["planVersions"] | undefined>();
      expectTypeOf(values.__interrupt__).toEqualTypeOf<AgentInterrupt[] | undefined>();
    }
    for await (const update of await agent.stream({ input: "go" }, { streamMode: "updates" })) {
      expectTypeOf(update.executor?.pastSteps).toEqualTypeOf<AgentState["pastSteps"] | undefined>();
    }
    for await (const chunk of await agent.stream({ input: "go" }, { streamMode: ["values", "custom"] })) {
      if (chunk[0] === "custom") {
        expectTypeOf(chunk[1]).toEqualTypeOf<AgentEvent>();
      }
    }
    const events = await agent.streamEvents({ input: "go" }, { version: "v3" });
    expectTypeOf((await events.output).response).toEqualTypeOf<string>();
  };
  expectTypeOf(read).toBeFunction();
});

test("a thread's state is read with its type, also from its history", () => {
  const read = async () => {
    expectTypeOf((await agent.getState(config)).values).toEqualTypeOf<AgentState>();
    for await (const { values } of agent.getStateHistory(config)) {
      expectTypeOf(values).toEqualTypeOf<AgentState>();
    }
  };
  expectTypeOf(read).toBeFunction();
});

test("the agent is still LangGraph's graph, wherever one is wanted", () => {
  expectTypeOf(agent).toEqualTypeOf<PlanExecuteAgent>();
  expectTypeOf(agent.withConfig({ tags: ["ours"] })).toEqualTypeOf<PlanExecuteAgent>();
  expectTypeOf(
    createPlanExecuteGraph().compile({ checkpointer: new MemorySaver() }),
  ).toExtend<PlanExecuteAgent>();
  // biome-ignore lint/suspicious/noExplicitAny: LangGraph's own functions take graphs of this type
  expectTypeOf(agent).toExtend<CompiledStateGraph<any, any, any, any, any, any>>();
  // biome-ignore lint/suspicious/noExplicitAny: LangGraph's own functions take graphs of this type
  expectTypeOf(agent).toExtend<Pregel<any, any>>();
  expectTypeOf(agent).toExtend<Runnable>();
  const outer = () =>
    new StateGraph(Annotation.Root({ input: Annotation<string>, response: Annotation<string> }))
      .addNode("agent", agent)
      .addEdge(START, "agent")
      .compile();
  expectTypeOf(outer).toBeFunction();
});
