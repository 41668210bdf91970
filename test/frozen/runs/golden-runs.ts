// The runs that are recorded. Each uses only the public surface, and models and tools that behave the same each time.
import { END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { steer } from "langgraph-plan-execute";
import { z } from "zod";
import { approve, decide } from "../../support/approval.js";
import { createDeferred } from "../../support/deferred.js";
import { planCall } from "../../support/scripted-model.js";
import { charge, charges, everyKind, fail, goal, goldenAgent, work } from "./golden-agent.js";
import { goldenApprovals } from "./golden-approvals.js";
import type { GoldenRuns } from "./recording.js";
import { SlowPlanner } from "./slow-planner.js";

const busy = () => Object.assign(new Error("busy"), { status: 503 });
const empty = {
  id: "empty",
  description: "look for nothing",
  tool: "work",
  args: { name: "empty" },
  dependsOn: [],
};

/** The runs by the names of their files. */
export const goldenRuns: GoldenRuns = {
  ...goldenApprovals,

  async plain(recording) {
    const agent = goldenAgent(recording, [empty, ...everyKind], { happens: { empty: () => [] } });
    await recording.stream("gave the goal", agent, goal);
  },

  async "without a plan"(recording) {
    const agent = goldenAgent(recording, [], { script: { planner: "nothing is to be done" } });
    await recording.stream("gave the goal", agent, goal);
  },

  async "several turns"(recording) {
    const agent = goldenAgent(recording, [], {
      script: {
        planner: (messages) =>
          messages.at(-1)?.text.includes("why?") ? "because" : planCall([work("a"), work("b", ["a"])], "b"),
      },
    });
    await recording.stream("gave the goal", agent, goal);
    await recording.stream("asked why", agent, { input: "why?" });
    await recording.stream("gave the goal again", agent, goal);
  },

  async "plan mended"(recording) {
    const agent = goldenAgent(recording, [], {
      script: {
        planner: (_messages, _tools, call) =>
          planCall(call === 1 ? [work("a", ["b"]), work("b", ["a"]), { tool: "none" }] : [work("a")]),
      },
    });
    await recording.stream("gave the goal", agent, goal);
  },

  async retried(recording) {
    let attempts = 0;
    const agent = goldenAgent(recording, [work("a")], {
      happens: {
        a: () => {
          attempts += 1;
          if (attempts === 1) {
            throw busy();
          }
          return "done at last";
        },
      },
    });
    await recording.stream("gave the goal", agent, goal);
  },

  async replanned(recording) {
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"]), work("c", ["b"])], {
      happens: { b: fail },
      script: {
        replanner: (messages) =>
          messages.some(({ text }) => text.includes("d done"))
            ? "the answer"
            : planCall([
                work("d"),
                { id: "e", tool: "work", args: { name: "e after {{a}}" }, dependsOn: ["d"] },
              ]),
      },
    });
    await recording.stream("gave the goal", agent, goal);
  },

  async limited(recording) {
    const agent = goldenAgent(
      recording,
      [work("a"), { id: "agent", description: "work on a draft", dependsOn: ["a"] }, work("c", ["agent"])],
      { limits: { maxModelCalls: 2 } },
    );
    await recording.stream("gave the goal", agent, goal);
  },

  async "out of replans"(recording) {
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"]), work("c", ["b"])], {
      replanner: { maxReplans: 0 },
      happens: { b: fail },
    });
    await recording.stream("gave the goal", agent, goal);
  },

  async cancelled(recording) {
    const controller = new AbortController();
    let isCancelled = false;
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"]), work("c", ["b"])], {
      happens: {
        b: () => {
          if (isCancelled) {
            return "b done";
          }
          isCancelled = true;
          controller.abort(new Error("the caller has gone"));
          return new Promise(() => {});
        },
      },
    });
    await recording.stream("gave the goal", agent, goal, { signal: controller.signal });
    await recording.stream("went on", agent, null);
  },

  async "model out of order"(recording) {
    let isDown = true;
    const agent = goldenAgent(recording, [work("a")], {
      script: { replanner: () => (isDown ? new TypeError("the model is down") : "the answer") },
    });
    await recording.stream("gave the goal", agent, goal);
    isDown = false;
    await recording.stream("went on", agent, null);
  },

  async "as a subgraph"(recording) {
    const agent = goldenAgent(recording, [work("a"), charge("pay", "ann")], {
      ...charges,
      checkpointer: undefined,
    });
    const state = z.object({ input: z.string(), before: z.string().optional(), ...outputChannels });
    const parent = new StateGraph(state)
      .addNode("prepare", () => ({ before: "prepared" }))
      .addNode("inner", agent)
      .addEdge(START, "prepare")
      .addEdge("prepare", "inner")
      .addEdge("inner", END)
      .compile({ checkpointer: new MemorySaver() });
    await recording.stream("gave the goal", parent, goal);
    await recording.stream("approved", parent, decide(approve));
  },

  async forked(recording) {
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"])]);
    await recording.stream("gave the goal", agent, goal);
    const thread = { configurable: { thread_id: "1" } };
    for await (const { next, config } of agent.getStateHistory(thread)) {
      if (!next.includes("executor")) {
        continue;
      }
      await recording.stream("went back to before the steps", agent, null, config);
      break;
    }
  },

  async "steered while it runs"(recording) {
    const steered = createDeferred<unknown>();
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"]), work("c", ["b"])], {
      happens: {
        a: () => {
          steered.resolve(steer(agent, "1", { type: "skip", stepId: "b" }, { by: "olga" }));
          return "a done";
        },
      },
    });
    await recording.stream("gave the goal", agent, goal);
    await steered.promise;
  },

  async "steered after its end"(recording) {
    let isBroken = true;
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"]), work("c", ["b"])], {
      replanner: { maxReplans: 0 },
      happens: { b: () => (isBroken ? fail() : "b done") },
    });
    await recording.stream("gave the goal", agent, goal);
    isBroken = false;
    await recording.outside("asked for b once more", () =>
      steer(agent, "1", { type: "retry", stepId: "b" }, { by: "olga" }),
    );
    await recording.stream("went on", agent, null);
  },

  async "early steps"(recording) {
    const looked = createDeferred();
    const look = (name: string, after: readonly string[]) => ({ ...work(name, after), tool: "look" });
    const agent = goldenAgent(recording, [], {
      happens: { b: () => looked.resolve() },
      planner: {
        model: new SlowPlanner([look("a", []), look("b", ["a"]), work("c", ["b"])], looked.promise),
      },
    });
    await recording.stream("gave the goal", agent, goal);
  },
};

const outputChannels = {
  plan: z.any(),
  pastSteps: z.any(),
  response: z.any(),
  status: z.any(),
  outcome: z.any(),
  usage: z.any(),
};
