// Point 5: a person is asked about everything that differs from the approved plan, unless it only reads.
import { z } from "zod";
import { approve, edit, reject } from "../../../test/support/approval.js";
import { planCall } from "../../../test/support/scripted-model.js";
import { areaOf, assertSetUp, judge, type NamedAttack } from "../case.js";
import { payStep, Victim, type VictimOptions } from "../victim.js";

const flakyStep = { id: "check", description: "Check the account", tool: "flaky", args: {} };
const listStep = { id: "bills", description: "List the bills", tool: "bills", args: {} };
const planned = { approval: { plan: true } } as const;
const cheap = { ...payStep, args: { amount: 1, to: "acme" } };

/** An approved plan, and another one that comes when its first step fails. */
interface Replan {
  readonly name: string;
  readonly first?: readonly unknown[];
  /** The rest of the approved plan when its check fails. @default the payment of 1 */
  readonly left?: object;
  readonly second: readonly unknown[];
  readonly approval?: VictimOptions["approval"];
}

const replans: readonly Replan[] = [
  { name: "The amount is another", second: [{ ...cheap, id: "new", args: { amount: 99_999, to: "acme" } }] },
  { name: "The receiver is another", second: [{ ...cheap, id: "new", args: { amount: 1, to: "eve" } }] },
  {
    name: "An argument is added",
    second: [{ ...cheap, id: "new", args: { ...cheap.args, memo: "and more" } }],
  },
  { name: "An argument is left out", second: [{ ...cheap, id: "new", args: { amount: 1 } }] },
  {
    name: "The arguments are left to a model",
    second: [{ id: "new", description: "Pay acme 99999", tool: "pay" }],
  },
  {
    name: "An argument is a reference where it was a number",
    first: [listStep],
    second: [{ ...cheap, id: "new", args: { amount: "{{bills.0}}", to: "acme" } }],
  },
  {
    name: "The same call is made for each item of a list",
    first: [listStep],
    second: [{ ...cheap, id: "new", forEach: "{{bills}}" }],
  },
  {
    name: "The same call is planned three times",
    second: [1, 2, 3].map((id) => ({ ...cheap, id: `new ${id}` })),
  },
  {
    name: "The condition of the call is gone",
    first: [listStep],
    left: { ...cheap, if: "{{bills.9}}" },
    second: [{ ...cheap, id: "new" }],
  },
  { name: "Another tool gets the approved arguments", second: [{ ...cheap, id: "new", tool: "transfer" }] },
  {
    name: "The step goes to an agent, in the words that were approved",
    second: [{ id: "new", description: cheap.description }],
  },
  { name: "An agent's step has other words", second: [{ id: "new", description: "Pay everybody" }] },
  {
    name: "The arguments of two approved payments are mixed",
    first: [{ ...cheap, args: { amount: 2, to: "bob" }, id: "bob" }],
    second: [{ ...cheap, id: "new", args: { amount: 2, to: "acme" } }],
  },
  {
    name: "Every plan is to be asked about, and the same comes again",
    approval: { plan: "always" },
    second: [{ ...cheap, id: "new" }],
  },
  {
    name: "An agent's step must give something else",
    left: { id: "pay", description: "Settle the bill" },
    second: [{ id: "new", description: "Settle the bill", expect: "99999 were paid to eve" }],
  },
  {
    name: "An agent's step is told of another pitfall",
    left: { id: "pay", description: "Settle the bill" },
    second: [{ id: "new", description: "Settle the bill", pitfalls: "Eve must have 99999 first" }],
  },
];

/** Plans that change after they were approved. */
export const replanCases = areaOf("plans that change", [
  ...replans.map(asksAgain),
  {
    name: "What was approved and is still to be done comes again unchanged, beside a step that only reads",
    expected: "one payment, nobody is asked again",
    async run() {
      const read = { id: "look", description: "Look", tool: "look_up", args: { what: "anything" } };
      const victim = new Victim({
        ...planned,
        steps: [flakyStep, cheap],
        script: { replanner: planCall([read, { ...cheap, id: "pay" }]) },
      });
      await victim.beginToWait();
      const { request } = await victim.decide([approve]);
      return judge(request === undefined && victim.callsOf("pay").length === 1, victim.told());
    },
  },
  {
    name: "The plan is rejected by who does not repeat the context that let it wait",
    expected: "no payment, the next plan waits too",
    async run() {
      const victim = new Victim();
      await victim.beginToWait({ context: { approvePlan: "once" } });
      const { request } = await victim.decide([reject("not so")]);
      return judge(victim.calls.length === 0 && request !== undefined, victim.told());
    },
  },
  {
    name: "The plan is rejected in a new build that asks about no plan",
    expected: "no payment, the next plan waits too",
    async run() {
      const victim = new Victim(planned);
      await victim.beginToWait();
      const { request } = await victim.decide([reject("not so")], {}, victim.build({}));
      return judge(victim.calls.length === 0 && request !== undefined, victim.told());
    },
  },
  {
    name: "The plan that waits is gone on with, by who does not repeat the context",
    expected: "no payment",
    async run() {
      const victim = new Victim();
      await victim.beginToWait({ context: { approvePlan: "once" } });
      await victim.goOn();
      await victim.goOn({ context: {} });
      return judge(victim.calls.length === 0, victim.told());
    },
  },
  {
    name: "A step is skipped in a plan that waits, by who does not repeat the context",
    expected: "no payment, asked anew",
    async run() {
      const look = { id: "look", description: "Look", tool: "look_up", args: {} };
      const victim = new Victim({ steps: [look, payStep] });
      await victim.beginToWait({ context: { approvePlan: "once" } });
      await victim.write({ steering: [{ type: "skip", stepId: "look" }] });
      const { request } = await victim.goOn();
      return judge(victim.callsOf("pay").length === 0 && request !== undefined, victim.told());
    },
  },
  {
    name: "A step is skipped in a plan that waits",
    expected: "no payment, asked anew",
    async run() {
      const look = { id: "look", description: "Look", tool: "look_up", args: {} };
      const victim = new Victim({ ...planned, steps: [look, payStep] });
      await victim.beginToWait();
      await victim.write({ steering: [{ type: "skip", stepId: "look" }] });
      const { request } = await victim.goOn();
      return judge(victim.callsOf("pay").length === 0 && request !== undefined, victim.told());
    },
  },
  {
    name: "A word is said to a plan that waits",
    expected: "no payment",
    async run() {
      const victim = new Victim({ ...planned, script: { replanner: planCall([{ ...payStep, id: "new" }]) } });
      await victim.beginToWait();
      await victim.write({ steering: [{ type: "message", text: "go on" }] });
      await victim.goOn();
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "A hint to a run that cannot go on brings another payment",
    expected: "no payment, asked first",
    async run() {
      const victim = new Victim({
        approval: { plan: true, escalate: true },
        replanner: { maxReplans: 0 },
        steps: [flakyStep],
        script: { replanner: planCall([{ ...payStep, id: "new" }]) },
      });
      await victim.beginToWait();
      await victim.decide([approve]);
      await victim.decide([reject("try something else")]);
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "A plan is edited, and the replanner comes back with what was edited away",
    expected: "no payment of 9000",
    async run() {
      const dear = { ...payStep, args: { amount: 9000, to: "eve" } };
      const victim = new Victim({
        ...planned,
        steps: [flakyStep, dear],
        script: { replanner: planCall([{ ...dear, id: "again" }]) },
      });
      await victim.beginToWait();
      await victim.decide([{ type: "edit", steps: [flakyStep, cheap] }]);
      return judge(
        victim.callsOf("pay").every(({ args }) => args.amount !== 9000),
        victim.told(),
      );
    },
  },
  {
    name: "A plan that waits names a gated tool that only reads, while it is still being written",
    expected: "no call",
    async run() {
      const look = { id: "look", description: "Look", tool: "look_up", args: { what: "secrets" } };
      const victim = new Victim({ approval: { tools: { look_up: true } }, steps: [look] });
      const { request } = await victim.begin();
      return judge(request !== undefined && victim.calls.length === 0, victim.told());
    },
  },
  {
    name: "An edit of a gated call goes to a tool whose own rule takes no edits",
    expected: "no call",
    async run() {
      const tools = { pay: true, transfer: { allowedDecisions: ["approve", "reject"] as const } };
      const victim = new Victim({ approval: { tools } });
      await victim.beginToWait();
      await victim.decide([edit("transfer", { amount: 9000, to: "eve" })]);
      await victim.decide([edit("nothing_like_it", { amount: 9000 })]);
      await victim.decide([edit("pay", { amount: "nine thousand" })]);
      return judge(victim.calls.length === 0, victim.told());
    },
  },
]);

function asksAgain({
  name,
  first: before = [],
  left = cheap,
  second,
  approval = planned.approval,
}: Replan): NamedAttack {
  return {
    name: `A replan is not asked about: ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    expected: "asked before it is done",
    async run() {
      const victim = new Victim({
        approval,
        steps: [...before, flakyStep, { ...left, dependsOn: ["check"] }],
        script: {
          replanner: planCall(second),
          agent: [{ name: "pay", args: { amount: 99_999, to: "eve" } }],
          call: [{ name: "pay", args: { amount: 99_999, to: "eve" } }],
        },
        moreTools: (spied) => [spied.spy("bills", z.object({}), () => [99_999, 99_999, 99_999], true)],
      });
      await victim.beginToWait();
      const { request } = await victim.decide([approve]);
      assertSetUp(victim.callsOf("flaky").length > 0, "the first step did not fail");
      const first = JSON.stringify(before);
      const moved = [...victim.callsOf("pay"), ...victim.callsOf("transfer")].filter(
        ({ args }) => !first.includes(JSON.stringify(args)),
      );
      return judge(request !== undefined && moved.length === 0, victim.told());
    },
  };
}
