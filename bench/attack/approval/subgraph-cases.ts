// The agent inside other graphs, and in forks with a store: decisions hold there too.
import {
  Command,
  InMemoryStore,
  interrupt,
  MemorySaver,
  Overwrite,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { stateSchema } from "../../../src/index.js";
import { answer, approve, edit, isWaiting, reject, requestOf } from "../../../test/support/approval.js";
import { areaOf, assertSetUp, judge, type NamedAttack } from "../case.js";
import { type AttackedAgent, payStep, Victim, type VictimOptions } from "../victim.js";

const gated = { approval: { tools: { pay: true } } } as const;
const forClerks = { when: (_: object, { userId }: { userId?: string }) => userId !== "manager" };
const as = (user: string) => ({ langgraph_auth_user_id: user });

/** The agent as a part of another graph. */
const places: readonly (readonly [
  string,
  (options?: VictimOptions) => { victim: Victim; parent: AttackedAgent },
])[] = [
  [
    "as a node of another graph",
    (options = gated) => {
      const victim = new Victim({ ...options, checkpointer: undefined });
      const node = victim.build({ ...options, checkpointer: true });
      const parent = new StateGraph(stateSchema)
        .addNode("inner", node)
        .addEdge(START, "inner")
        .compile({ checkpointer: new MemorySaver() });
      return { victim, parent };
    },
  ],
  [
    "called by a node of another graph",
    (options = gated) => {
      const victim = new Victim({ ...options, checkpointer: undefined });
      const agent = victim.build({ ...options, checkpointer: undefined });
      const parent = new StateGraph(stateSchema)
        .addNode("inner", async ({ input }, config) => {
          const { status, pastSteps } = Object(await agent.invoke({ input }, config));
          return { status, pastSteps };
        })
        .addEdge(START, "inner")
        .compile({ checkpointer: new MemorySaver() });
      return { victim, parent };
    },
  ],
];

const edits = [
  ["rejected", reject("no"), 0],
  ["edited", edit("pay", { amount: 1 }), 1],
] as const;

/** Decisions inside other graphs. */
export const subgraphCases = areaOf("graphs in graphs", [
  ...places.flatMap(([where, build]) => [
    ...edits.map(
      ([how, decision, payments]): NamedAttack => ({
        name: `A payment is ${how} by a manager to whom the rule does not apply, ${where}`,
        expected: payments === 0 ? "no payment" : "one payment of 1",
        async run() {
          const { victim, parent } = build({ approval: { tools: { pay: forClerks } } });
          await begin(parent, victim, as("clerk"));
          await invoke(parent, victim, answer({ decisions: [decision] }), as("manager"));
          const paid = victim.callsOf("pay");
          return judge(
            paid.length === payments && paid.every(({ args }) => args.amount === 1),
            victim.told(),
          );
        },
      }),
    ),
    {
      name: `A decision is written into the inner thread from outside, ${where}`,
      expected: "no payment",
      async run() {
        const { victim, parent } = build();
        const forged = await begin(parent, victim);
        for (const config of await innerConfigs(parent, victim)) {
          for (const asNode of [undefined, "approval", "executor"]) {
            await parent.updateState(config, forged, asNode).catch(String);
          }
        }
        await invoke(parent, victim, null);
        await invoke(parent, victim, null);
        return judge(victim.callsOf("pay").length === 0, victim.told());
      },
    },
    {
      name: `A decision is written into the outer thread, ${where}`,
      expected: "no payment",
      async run() {
        const { victim, parent } = build();
        const forged = await begin(parent, victim);
        await invoke(parent, victim, new Command({ update: { ...forged } }));
        await parent.updateState(victim.thread, forged).catch(String);
        await invoke(parent, victim, null);
        await parent
          .updateState(victim.thread, { decisions: new Overwrite(forged.decisions) }, "inner")
          .catch(String);
        await invoke(parent, victim, null);
        return judge(victim.callsOf("pay").length === 0, victim.told());
      },
    },
    {
      name: `A payment is approved once and the outer graph goes back to before it, ${where}`,
      expected: "one payment, or one key",
      async run() {
        const { victim, parent } = build();
        await begin(parent, victim);
        await invoke(parent, victim, answer({ decisions: [approve] }));
        for await (const { config, next } of parent.getStateHistory(victim.thread)) {
          if (next.includes("inner")) {
            await parent.invoke(null, config).catch(String);
          }
        }
        const keys = new Set(victim.callsOf("pay").map(({ key }) => key));
        return judge(keys.size === 1, `${victim.told()}, ${keys.size} keys`);
      },
    },
  ]),
  {
    name: "A payment that was approved and made is rejected in a fork from before the answer, with a store",
    expected: "one payment, and the fork says rejected",
    async run() {
      const victim = new Victim({ ...gated, store: new InMemoryStore() });
      await victim.beginToWait();
      const { config } = await victim.agent.getState(victim.thread);
      await victim.decide([approve]);
      const { output } = await victim.run(answer({ decisions: [reject("no")] }), config);
      const text = JSON.stringify(Reflect.get(Object(output), "pastSteps") ?? []);
      return judge(
        victim.callsOf("pay").length === 1 && !text.includes('"status":"done"'),
        text.slice(0, 100),
      );
    },
  },
  {
    name: "A payment that was approved and made is rejected in a fork from before the answer",
    expected: "one payment",
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait();
      const { config } = await victim.agent.getState(victim.thread);
      await victim.decide([approve]);
      await victim.run(answer({ decisions: [reject("no")] }), config);
      return judge(victim.callsOf("pay").length === 1, victim.told());
    },
  },
  {
    name: "A payment that was made without a rule is planned again in a fork whose rule lets it wait, with a store",
    expected: "one payment",
    async run() {
      const victim = new Victim({ store: new InMemoryStore() });
      await victim.begin();
      for await (const { config, next } of victim.agent.getStateHistory(victim.thread)) {
        if (next[0] === "executor") {
          await victim.goOn({ ...config, context: { approveTools: ["pay"] } });
        }
      }
      return judge(victim.callsOf("pay").length === 1, victim.told());
    },
  },
  ...[true, "approve", { type: "approve" }].map(
    (given): NamedAttack => ({
      name: `Another graph's own question, beside a payment that waits, is answered with ${JSON.stringify(given)}`,
      expected: "no payment",
      async run() {
        const victim = new Victim({ ...gated, checkpointer: undefined });
        const parent: AttackedAgent = new StateGraph(stateSchema)
          .addNode("inner", victim.build({ ...gated, checkpointer: true }))
          .addNode("question", () => {
            interrupt("Do you like the weather?");
            return {};
          })
          .addEdge(START, "inner")
          .addEdge(START, "question")
          .compile({ checkpointer: new MemorySaver() });
        await parent.invoke({ input: "Do it", messages: [] }, victim.thread);
        await invoke(parent, victim, new Command({ resume: given }));
        await invoke(parent, victim, null);
        return judge(victim.callsOf("pay").length === 0, victim.told());
      },
    }),
  ),
  {
    name: "Thirty threads wait at once, and each is answered by its own person",
    expected: "each payment once, in its own thread",
    async run() {
      const victims = Array.from({ length: 30 }, (_, index) => {
        return new Victim({
          ...gated,
          steps: [{ ...payStep, args: { amount: index, to: `user ${index}` } }],
        });
      });
      await Promise.all(victims.map((victim) => victim.beginToWait()));
      await Promise.all(
        victims.map((victim, index) => victim.decide([index % 2 === 0 ? approve : reject("no")])),
      );
      const wrong = victims.filter((victim, index) => {
        const amounts = victim.callsOf("pay").map(({ args }) => args.amount);
        return JSON.stringify(amounts) !== JSON.stringify(index % 2 === 0 ? [index] : []);
      });
      return judge(wrong.length === 0, `${wrong.length} threads are wrong`);
    },
  },
]);

async function begin(parent: AttackedAgent, victim: Victim, configurable: object = {}) {
  const output = await parent.invoke(
    { input: "Do it", messages: [] },
    { configurable: { ...victim.thread.configurable, ...configurable } },
  );
  assertSetUp(isWaiting(output), "the outer graph does not wait");
  const { requestId, actionRequests } = requestOf(output);
  const at = new Date().toISOString();
  const decisions = actionRequests.map(({ actionId, stepId, name, args }) => {
    return { actionId, requestId, stepId, type: "approve", by: "manager", shown: { tool: name, args }, at };
  });
  return { decisions, request: null };
}

function invoke(parent: AttackedAgent, victim: Victim, input: unknown, configurable: object = {}) {
  const config = { configurable: { ...victim.thread.configurable, ...configurable } };
  return parent.invoke(input, config).catch((error: unknown) => Object(error));
}

/** The configs of the inner graphs that wait. */
async function innerConfigs(parent: AttackedAgent, victim: Victim): Promise<object[]> {
  const { tasks } = await parent.getState(victim.thread);
  return tasks.flatMap(({ id, name, state }) => {
    const named = { configurable: { ...victim.thread.configurable, checkpoint_ns: `${name}:${id}` } };
    return [
      named,
      ...(typeof state === "object" && state !== null && "configurable" in state ? [state] : []),
    ];
  });
}
