// The threads that are kept in databases as today's version left them. `write-threads.ts` begins each thread and
// `threads.test.ts` continues it, with an agent that is made the same way both times. Only the public surface is
// used, because these threads must stay readable whatever moves behind it.
import { type BaseCheckpointSaver, type BaseStore, END, START, StateGraph } from "@langchain/langgraph";
import { createPlanExecuteAgent, type PlanExecuteOptions, steer } from "langgraph-plan-execute";
import { z } from "zod";
import { answer, approve, decide, type Resume, reject } from "../../support/approval.js";
import { planCall, type ScriptByRole, scriptedByRole } from "../../support/scripted-model.js";
import { createTools, type World } from "./world.js";

/** The goal of a second turn, which is answered without a plan. */
export const SECOND_GOAL = "What came of it?";
/** The goal of a turn with a plan of its own, of one step. */
export const THIRD_GOAL = "Do one thing more.";

/** What keeps the threads. */
export interface Kept {
  readonly checkpointer: BaseCheckpointSaver;
  readonly store: BaseStore;
}

/** How a thread's agent is made, and how the thread begins. */
interface FrozenThread {
  readonly steps: readonly unknown[];
  readonly options?: Omit<PlanExecuteOptions, "model" | "tools">;
  readonly script?: (world: World) => ScriptByRole;
  /** Whether the agent is a node of another graph. */
  readonly isInner?: boolean;
  /** Brings the thread to where it is left. The first goal has been given before this is called. */
  readonly proceed?: (thread: OpenThread) => Promise<unknown>;
  /** What a later process does if the first one dies. */
  readonly afterDeath?: (thread: OpenThread) => Promise<unknown>;
}

const work = (name: string, dependsOn: readonly string[] = []) => ({
  id: name,
  description: `work on ${name}`,
  tool: "work",
  args: { name },
  dependsOn,
});
const charge = (id: string, who: string, amount: number, dependsOn: readonly string[] = []) => ({
  id,
  description: `charge ${who}`,
  tool: "charge",
  args: { who, amount },
  dependsOn,
});
const send = (id: string, dependsOn: readonly string[]) => ({
  id,
  description: "send a letter",
  tool: "send",
  args: { what: "letter" },
  dependsOn,
});
const list = { id: "list", description: "list them", tool: "list", args: {}, dependsOn: [] };

/** Steps of every kind. "slow" begins when all steps before it have ended. */
const cutOffSteps = [
  work("a"),
  list,
  {
    id: "each",
    description: "work on each",
    tool: "work",
    args: { name: "{{item}}" },
    forEach: "{{list}}",
    dependsOn: ["list"],
  },
  { id: "think", description: "work on a draft", dependsOn: ["a"] },
  work("slow", ["a", "each", "think"]),
  work("z", ["slow"]),
];

/** The threads by their ids. */
export const frozenThreads: Readonly<Record<string, FrozenThread>> = {
  finished: { steps: [work("a"), work("b", ["a"])] },
  turns: {
    steps: [work("a"), work("b", ["a"])],
    proceed: async ({ invoke }) => {
      await invoke({ input: SECOND_GOAL });
      await invoke({ input: THIRD_GOAL });
    },
  },
  "turns-as-deltas": {
    steps: [work("a")],
    options: { experimental: { deltaMessages: true } },
    proceed: ({ invoke }) => invoke({ input: SECOND_GOAL }),
  },
  plan: { steps: [work("a"), work("b", ["a"])], options: { approval: { plan: true } } },
  "plan-revised": {
    steps: [work("a"), work("b", ["a"])],
    options: { approval: { plan: true } },
    proceed: ({ invoke }) => invoke(decide(reject("begin with c"))),
  },
  "plan-inside": { steps: [work("a")], options: { approval: { plan: true } }, isInner: true },
  actions: {
    steps: [
      list,
      charge("direct", "ann", 1),
      { id: "called", description: "charge dan 4", tool: "charge", dependsOn: [] },
      {
        id: "each",
        description: "charge each",
        tool: "charge",
        args: { who: "{{item}}", amount: 2 },
        forEach: "{{list}}",
        dependsOn: ["list"],
      },
      { id: "agent", description: "work on a draft, then charge eve", dependsOn: [] },
    ],
    options: { approval: { tools: { charge: true } } },
  },
  "answer-refused": {
    steps: [charge("direct", "ann", 1)],
    options: { approval: { tools: { charge: true } } },
    proceed: ({ invoke }) => invoke(answer("perhaps")),
  },
  guidance: {
    steps: [work("a"), send("f", []), work("s", ["f"])],
    options: { approval: { escalate: true }, replanner: { maxReplans: 0 } },
  },
  killed: { steps: cutOffSteps },
  "killed-inside": { steps: cutOffSteps, isInner: true },
  "killed-approved": {
    steps: [charge("pay", "ann", 1), work("slow", ["pay"])],
    options: { approval: { tools: { charge: true } } },
    proceed: ({ invoke }) => invoke(decide(approve)),
  },
  "killed-steered": {
    steps: cutOffSteps,
    afterDeath: ({ graph }) => steer(graph, "killed-steered", { type: "skip", stepId: "z" }, { by: "olga" }),
  },
  steered: {
    steps: [work("a"), send("f", ["a"]), work("s", ["f"])],
    options: { replanner: { maxReplans: 0 } },
    proceed: ({ graph }) => steer(graph, "steered", { type: "retry", stepId: "f" }, { by: "olga" }),
  },
  large: {
    steps: [
      { id: "report", description: "report", tool: "report", args: { lines: 1500 }, dependsOn: [] },
      charge("pay", "{{report}}", 1),
    ],
    options: { approval: { tools: { charge: true } } },
  },
  "model-down": {
    steps: [work("a")],
    script: ({ isBroken }) => ({ replanner: isBroken ? new Error("the model is down") : "the answer" }),
  },
};

/** An open thread of a database. */
export interface OpenThread {
  /** The agent, or the graph around it. */
  readonly graph: ReturnType<typeof createGraph>;
  /** The roles of the scripted model's calls since the thread was opened. */
  readonly roles: () => readonly string[];
  /** Sends a goal, an answer, or null. */
  readonly invoke: (input: { input: string } | Resume | null) => Promise<object>;
}

const innerState = z.object({
  input: z.string(),
  plan: z.any(),
  pastSteps: z.any(),
  response: z.any(),
  status: z.any(),
  outcome: z.any(),
  usage: z.any(),
});

function createGraph(agent: ReturnType<typeof createPlanExecuteAgent>, isInner: boolean, kept: Kept) {
  if (!isInner) {
    return agent;
  }
  return new StateGraph(innerState)
    .addNode("inner", agent)
    .addEdge(START, "inner")
    .addEdge("inner", END)
    .compile(kept);
}

/** Opens a thread with the agent that it belongs to. */
export function openThread(id: string, kept: Kept, world: World): OpenThread {
  const { steps, options, script, isInner = false } = threadOf(id);
  const { executor, ...others } = options ?? {};
  const model = scriptedByRole({
    planner: (messages) => {
      const asked = messages.at(-1)?.text ?? "";
      if (asked.includes(SECOND_GOAL)) {
        return "It went well.";
      }
      if (asked.includes(THIRD_GOAL)) {
        return planCall([work("c")], "c");
      }
      return asked.includes("begin with c") ? planCall([work("c"), ...steps]) : planCall(steps);
    },
    call: [{ name: "charge", args: { who: "dan", amount: 4 } }],
    agent: (messages) => {
      const rounds = messages.filter((message) => message.getType() === "tool").length;
      const wanted = messages.some(({ text }) => text.includes("then charge eve")) ? 2 : 1;
      if (rounds === wanted) {
        return `told: ${messages.at(-1)?.text}`;
      }
      if (rounds === 0) {
        return [{ name: "work", args: { name: "draft" } }];
      }
      return [{ name: "charge", args: { who: "eve", amount: 5 } }];
    },
    replanner: (messages) =>
      messages.some(({ text }) => text.includes("work on d instead")) &&
      !messages.some(({ text }) => text.includes("d done"))
        ? planCall([work("d")])
        : "the answer",
    ...script?.(world),
  });
  const agent = createPlanExecuteAgent({
    model,
    tools: createTools(world),
    executor: { retry: { maxAttempts: 1, baseMs: 0, maxMs: 0 }, ...executor },
    ...others,
    ...(isInner ? {} : kept),
  });
  const graph = createGraph(agent, isInner, kept);
  return {
    graph,
    roles: () => model.calls.map(({ role }) => role),
    invoke: (input) => graph.invoke(input, configOf(id)),
  };
}

/** Begins a thread, and brings it to where it is left or until its process dies. */
export async function beginThread(id: string, thread: OpenThread): Promise<void> {
  await thread.invoke({ input: "go" });
  await threadOf(id).proceed?.(thread);
}

/** Does what follows in a thread whose process has died. */
export async function followDeath(id: string, thread: OpenThread): Promise<void> {
  await threadOf(id).afterDeath?.(thread);
}

/** Whether the process that begins the thread dies in it. */
export function isKilled(id: string): boolean {
  return id.startsWith("killed");
}

export function configOf(id: string) {
  return { configurable: { thread_id: id }, durability: "sync" as const };
}

function threadOf(id: string): FrozenThread {
  const thread = frozenThreads[id];
  if (thread === undefined) {
    throw new Error(`There is no frozen thread ${id}.`);
  }
  return thread;
}
