// Answers that are crossed, late, misshapen or from the wrong place. Most of this held from the beginning.
import { Command } from "@langchain/langgraph";
import { approve, reject } from "../../../test/support/approval.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { payStep, Victim } from "../victim.js";

const gated = { approval: { tools: { pay: true } } } as const;
const neverPaid = "no payment";

const misshapen: readonly (readonly [string, unknown])[] = [
  ["a list of nothing", { decisions: [] }],
  ["two decisions for one action", { decisions: [approve, approve] }],
  ["a decision of no kind", { decisions: [{ type: "yes" }] }],
  ["a kind in capitals", { decisions: [{ type: "APPROVE" }] }],
  ["a decision on another action", { decisions: [{ ...approve, actionId: "x:pay:pay:0" }] }],
  ["an answer to another request", { requestId: "another", decisions: [approve] }],
  ["a request's id that is no text", { requestId: { toString: "x" }, decisions: [approve] }],
  ["an edit without a call", { decisions: [{ type: "edit" }] }],
  [
    "an edit with a hole for an argument",
    { decisions: [{ type: "edit", editedAction: { name: "pay", args: {} } }] },
  ],
  [
    "an edit of a tool that is no tool",
    { decisions: [{ type: "edit", editedAction: { name: "__proto__", args: {} } }] },
  ],
  ["a number", 1],
  ["the word true", "true"],
  ["yes", "yes"],
  ["a list with a bare yes", [true]],
  ["an inherited approval", { decisions: [Object.create(approve)] }],
  ["a map of ids", { [`${"a".repeat(32)}`]: { decisions: [approve] } }],
  ["ten megabytes", { decisions: [{ ...approve, message: "x".repeat(10_000_000) }] }],
  ["a hundred thousand levels", deep(100_000)],
];

/** Values that are not answers. */
export const answerCases = areaOf("answers", [
  ...misshapen.map(refuses),
  {
    name: "An answer goes to another thread, in which the same waits",
    expected: neverPaid,
    async run() {
      const ann = new Victim(gated);
      const { requestId } = await ann.beginToWait();
      const bob = new Victim(gated);
      await bob.beginToWait();
      await bob.answer({ requestId, decisions: [approve] });
      return judge(bob.callsOf("pay").length === 0, bob.told());
    },
  },
  {
    name: "An answer names the other thread's action",
    expected: neverPaid,
    async run() {
      const ann = new Victim(gated);
      const { actionRequests } = await ann.beginToWait();
      const bob = new Victim(gated);
      await bob.beginToWait();
      await bob.decide([{ ...approve, actionId: actionRequests[0]?.actionId }]);
      return judge(bob.callsOf("pay").length === 0, bob.told());
    },
  },
  {
    name: "An answer comes to a request that a new goal has ended",
    expected: neverPaid,
    async run() {
      const victim = new Victim(gated);
      const { requestId } = await victim.beginToWait();
      await victim.begin();
      await victim.answer({ requestId, decisions: [approve] });
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "An answer comes after its time",
    expected: neverPaid,
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true }, expiresAfter: 1 } });
      const { requestId } = await victim.beginToWait();
      await new Promise((resolve) => setTimeout(resolve, 5));
      await victim.answer({ requestId, decisions: [approve] });
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "An answer that is late comes by who does not repeat the context with its time",
    expected: neverPaid,
    async run() {
      const victim = new Victim();
      const context = { approveTools: ["pay"], approvalExpiresAfter: "1ms" };
      const { requestId } = await victim.beginToWait({ context });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await victim.answer({ requestId, decisions: [approve] });
      await victim.goOn();
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "An answer without the request's id comes by who does not repeat the context that wants it",
    expected: neverPaid,
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait({ context: { requireRequestId: true } });
      await victim.decide([approve]);
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "Two answers in one command: a map of the interrupt's id, and an approval beside it",
    expected: "at most one payment",
    async run() {
      const victim = new Victim(gated);
      const { requestId } = await victim.beginToWait();
      const { tasks } = await victim.agent.getState(victim.thread);
      const id = tasks[0]?.interrupts[0]?.id ?? "";
      await victim.run(new Command({ resume: { [id]: { requestId, decisions: [reject("no")] } } }));
      await victim.answer({ requestId, decisions: [approve] });
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "The decisions on two payments come in the wrong order, each with its action's id",
    expected: "only the approved one, or neither",
    async run() {
      const dear = { ...payStep, id: "dear", args: { amount: 9000, to: "eve" }, dependsOn: [] };
      const victim = new Victim({ ...gated, steps: [payStep, dear] });
      const { actionRequests } = await victim.beginToWait();
      const [first, second] = actionRequests.map(({ actionId }) => actionId);
      await victim.decide([
        { ...reject("no"), actionId: second },
        { ...approve, actionId: first },
      ]);
      return judge(
        victim.callsOf("pay").every(({ args }) => args.amount === 5),
        victim.told(),
      );
    },
  },
  {
    name: "A payment is approved together with one that is rejected, and comes after it",
    expected: "only the approved one, or neither",
    async run() {
      const dear = { ...payStep, id: "dear", args: { amount: 9000, to: "eve" }, dependsOn: [] };
      const victim = new Victim({ ...gated, steps: [dear, { ...payStep, dependsOn: [] }] });
      await victim.beginToWait();
      await victim.decide([reject("no"), approve]);
      return judge(
        victim.callsOf("pay").every(({ args }) => args.amount === 5),
        victim.told(),
      );
    },
  },
  {
    name: "The same answer is sent a hundred times",
    expected: "one payment",
    async run() {
      const victim = new Victim(gated);
      const { requestId } = await victim.beginToWait();
      for (let times = 0; times < 100; times += 1) {
        await victim.answer({ requestId, decisions: [approve] });
      }
      return judge(victim.callsOf("pay").length === 1, `${victim.callsOf("pay").length} payments`);
    },
  },
  ...["*", ["approval"], ["executor"], ["replanner"]].flatMap((nodes) =>
    (["interruptBefore", "interruptAfter"] as const).map((option) => stops(option, nodes)),
  ),
  ...(["exit", "async", "sync"] as const).map(
    (durability): NamedAttack => ({
      name: `A thread with the durability ${durability} goes on in another build after a rejection`,
      expected: neverPaid,
      async run() {
        const victim = new Victim(gated);
        await victim.beginToWait({ durability });
        await victim.decide([reject("no")], { durability }, victim.build({}));
        await victim.goOn({ durability }, victim.build({}));
        return judge(victim.callsOf("pay").length === 0, victim.told());
      },
    }),
  ),
  {
    name: "A thread that waits is read and gone on with by its checkpoint's id, without the rule",
    expected: neverPaid,
    async run() {
      const victim = new Victim();
      await victim.beginToWait({ context: { approveTools: ["pay"] } });
      const configs: object[] = [];
      for await (const { config, next } of victim.agent.getStateHistory(victim.thread)) {
        if (next[0] === "approval") {
          configs.push(config);
        }
      }
      for (const config of configs) {
        await victim.goOn(config);
        await victim.run({ input: "" }, config);
      }
      return judge(victim.callsOf("pay").length === 0 && configs.length > 0, victim.told());
    },
  },
]);

function refuses([what, value]: (typeof misshapen)[number]): NamedAttack {
  return {
    name: `An answer is ${what}`,
    expected: "no payment, the request stands",
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait();
      await victim.answer(value);
      const isUnpaid = victim.calls.length === 0;
      await victim.decide([approve]);
      return judge(isUnpaid && victim.callsOf("pay").length === 1, isUnpaid ? victim.told() : "paid at once");
    },
  };
}

/** Breakpoints that stop a run where nobody meant it to stop. */
function stops(option: "interruptBefore" | "interruptAfter", nodes: unknown): NamedAttack {
  return {
    name: `A run stops by ${option} ${String(nodes)}, and goes on ten times without an answer`,
    expected: neverPaid,
    async run() {
      const victim = new Victim(gated);
      await victim.begin({ [option]: nodes });
      for (let times = 0; times < 10; times += 1) {
        await victim.goOn(times % 2 === 0 ? { [option]: nodes } : {});
      }
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  };
}

function deep(levels: number): unknown {
  let value: unknown = approve;
  for (let level = 0; level < levels; level += 1) {
    value = { decisions: [value] };
  }
  return value;
}
