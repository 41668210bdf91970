import { answer, approve, decide, edit, reject } from "../../support/approval.js";
import { planCall } from "../../support/scripted-model.js";
import { charge, charges, fail, goal, goldenAgent, list, work } from "./golden-agent.js";
import type { GoldenRuns } from "./recording.js";

const plan = { approval: { plan: true } } as const;

/** The runs that wait for people, by the names of their files. */
export const goldenApprovals: GoldenRuns = {
  async "plan approved"(recording) {
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"])], plan);
    await recording.stream("gave the goal", agent, goal);
    await recording.stream("approved", agent, decide(approve));
  },

  async "plan edited"(recording) {
    const agent = goldenAgent(recording, [work("a"), work("b", ["a"])], plan);
    await recording.stream("gave the goal", agent, goal);
    const steps = [work("b"), { id: "mine", description: "and mine", tool: "work", args: { name: "mine" } }];
    await recording.stream("edited", agent, decide({ type: "edit", steps }));
  },

  async "plan rejected with words"(recording) {
    const agent = goldenAgent(recording, [], {
      ...plan,
      script: {
        planner: (messages) =>
          planCall(messages.at(-1)?.text.includes("not a") ? [work("b")] : [work("a"), work("b")]),
      },
    });
    await recording.stream("gave the goal", agent, goal);
    await recording.stream("rejected", agent, decide(reject("not a")));
    await recording.stream("approved", agent, decide(approve));
  },

  async "plan that nobody answered"(recording) {
    const agent = goldenAgent(recording, [], {
      ...plan,
      script: {
        planner: (messages) => (messages.at(-1)?.text.includes("why?") ? "because" : planCall([work("a")])),
      },
    });
    await recording.stream("gave the goal", agent, goal);
    await recording.stream("asked why", agent, { input: "why?" });
  },

  async "actions decided"(recording) {
    const each = {
      id: "each",
      description: "charge each",
      tool: "charge",
      args: { who: "{{item}}", amount: 2 },
      forEach: "{{list}}",
      dependsOn: ["list"],
    };
    const called = { id: "called", description: "charge dan 4", tool: "charge", dependsOn: [] };
    const agentStep = { id: "agent", description: "charge eve", dependsOn: [] };
    const agent = goldenAgent(
      recording,
      [list, charge("one", "ann"), charge("two", "bob"), charge("three", "cid"), each, called, agentStep],
      {
        ...charges,
        // Side by side, the clock would say which of two independent steps ends first.
        executor: { order: "sequential" },
        script: {
          agent: (messages) => {
            const isDecided = messages.some((message) => message.getType() === "tool");
            if (isDecided) {
              return `told: ${messages.at(-1)?.text}`;
            }
            return [{ name: "charge", args: { who: "eve", amount: 5 } }];
          },
        },
      },
    );
    await recording.stream("gave the goal", agent, goal);
    await recording.stream("gave an answer that cannot be read", agent, answer("perhaps"));
    const decisions = [
      approve,
      reject("not bob"),
      edit("charge", { who: "CID", amount: 30 }),
      approve,
      reject(),
      approve,
      edit("charge", { who: "EVE", amount: 50 }),
    ];
    await recording.stream("decided", agent, answer({ decidedBy: "dora", decisions }));
  },

  async "guidance given"(recording) {
    const agent = goldenAgent(recording, [work("a"), work("b"), work("c", ["b"])], {
      approval: { escalate: true },
      replanner: { maxReplans: 0 },
      happens: { b: fail },
      script: {
        replanner: (messages) =>
          messages.some(({ text }) => text.includes("d done")) ? "the answer" : planCall([work("d")]),
      },
    });
    await recording.stream("gave the goal", agent, goal);
    await recording.stream("rejected with words", agent, decide(reject("work on d instead")));
  },
};
