// Point 4: a decision is spent when its call begins. The next call asks again, and has another idempotency key.
import { z } from "zod";
import { approve, edit, reject } from "../../../test/support/approval.js";
import type { Script } from "../../../test/support/scripted-model.js";
import { areaOf, assertSetUp, judge, type NamedAttack } from "../case.js";
import { payStep, type SpiedCall, Victim, type VictimOptions } from "../victim.js";

const gated = { approval: { tools: { pay: true } } } as const;
const gatedCharge = { approval: { tools: { charge: true } } } as const;
const once = "one payment";
const chargeStep = { id: "pay", description: "Charge the card", tool: "charge", args: { amount: 5 } };
const chargeSchema = z.object({ amount: z.number() });

/** A decision releases one call. */
export const spendingCases = areaOf("spent decisions", [
  mends("being done again", { type: "retry", stepId: "pay" }),
  mends("a plan with the same call in other words", {
    type: "plan",
    steps: [{ ...chargeStep, description: "Now" }],
  }),
  mends("a plan with another amount", { type: "plan", steps: [{ ...chargeStep, args: { amount: 9000 } }] }),
  failsAgain(
    "the failed step is left in the guidance's remainder",
    { approval: { ...gatedCharge.approval, escalate: true } },
    async (victim) => {
      const { request } = await victim.state();
      const waiting: unknown = Reflect.get(Object(request), "waiting");
      const steps: unknown = Reflect.get(Object(Array.isArray(waiting) ? waiting[0] : undefined), "steps");
      return victim.decide([{ type: "edit", steps }]);
    },
  ),
  failsAgain("the replanner hands the same call in again", {
    ...gatedCharge,
    script: { replanner: [{ name: "plan", args: { steps: [{ ...chargeStep, id: "again" }] } }] },
  }),
  failsAgain("the replanner hands the same call in under the same id", {
    ...gatedCharge,
    script: { replanner: [{ name: "plan", args: { steps: [chargeStep] } }] },
  }),
  {
    name: "A step whose approved call was made fails for want of a model, and goes on with a null input",
    expected: "one payment, and no other without being asked",
    async run() {
      const victim = new Victim({
        ...gated,
        steps: [{ id: "pay", description: "Settle the bill" }],
        script: { agent: paysThenBreaks(), replanner: new Error("the model is gone") },
      });
      await victim.beginToWait();
      await victim.decide([approve]);
      assertSetUp(victim.callsOf("pay").length === 1, `after one approval: ${victim.told()}`);
      await victim.goOn();
      await victim.goOn();
      return judge(victim.callsOf("pay").length === 1, victim.told());
    },
  },
  ...[undefined, "same"].map(repeats),
  {
    name: "Two calls of one message have the same id and the same arguments, and one of them is rejected",
    expected: once,
    async run() {
      const twice = { name: "pay", args: payStep.args, id: "same" };
      const victim = new Victim({
        ...gated,
        steps: [{ id: "pay", description: "Settle the bill" }],
        script: { agent: (messages) => (isAnswered(messages) ? "paid" : [twice, twice]) },
      });
      const { actionRequests } = await victim.beginToWait();
      assertSetUp(actionRequests.length === 2, `${actionRequests.length} actions are asked for`);
      await victim.decide([approve, reject("no")]);
      return judge(victim.callsOf("pay").length === 1, victim.told());
    },
  },
  {
    name: "Two steps make the same call, and one of them is rejected",
    expected: once,
    async run() {
      const victim = new Victim({ ...gated, steps: [payStep, { ...payStep, id: "too", dependsOn: [] }] });
      const { actionRequests } = await victim.beginToWait();
      assertSetUp(actionRequests.length === 2, `${actionRequests.length} actions are asked for`);
      await victim.decide([reject("no"), approve]);
      const [call] = victim.callsOf("pay");
      return judge(victim.callsOf("pay").length === 1 && String(call?.key).includes("too"), victim.told());
    },
  },
  {
    name: "Two items of a list make the same call, and one of them is rejected",
    expected: once,
    async run() {
      const list = { id: "list", description: "List", tool: "bills", args: {} };
      const each = { ...payStep, forEach: "{{list}}", dependsOn: ["list"] };
      const victim = new Victim({
        ...gated,
        steps: [list, each],
        moreTools: (spied) => [spied.spy("bills", z.object({}), () => [1, 1], true)],
      });
      const { actionRequests } = await victim.beginToWait();
      assertSetUp(actionRequests.length === 2, `${actionRequests.length} actions are asked for`);
      await victim.decide([approve, reject("no")]);
      return judge(victim.callsOf("pay").length === 1, victim.told());
    },
  },
  {
    name: "An agent whose call was edited makes its first call again",
    expected: "no payment of 5",
    async run() {
      let round = 0;
      const victim = new Victim({
        ...gated,
        steps: [{ id: "pay", description: "Settle the bill" }],
        script: { agent: () => (round++ < 2 ? [{ name: "pay", args: payStep.args, id: "same" }] : "done") },
      });
      await victim.beginToWait();
      await victim.decide([edit("pay", { amount: 1 })]);
      return judge(
        victim.callsOf("pay").every(({ args }) => args.amount === 1),
        victim.told(),
      );
    },
  },
  {
    name: "An agent whose call was rejected makes the same call again",
    expected: "no payment",
    async run() {
      let round = 0;
      const victim = new Victim({
        ...gated,
        steps: [{ id: "pay", description: "Settle the bill" }],
        script: { agent: () => (round++ < 3 ? [{ name: "pay", args: payStep.args, id: "same" }] : "done") },
      });
      await victim.beginToWait();
      await victim.decide([reject("no")]);
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "A rejected call is handed in again by the replanner",
    expected: "no payment",
    async run() {
      const script = { replanner: [{ name: "plan", args: { steps: [{ ...payStep, id: "again" }] } }] };
      const victim = new Victim({ ...gated, script });
      await victim.beginToWait();
      await victim.decide([reject("no")]);
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "A step is skipped while it waits, then done again",
    expected: "no payment",
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait();
      await victim.write({ steering: [{ type: "skip", stepId: "pay" }] });
      await victim.write({ steering: [{ type: "retry", stepId: "pay" }] });
      await victim.goOn();
      await victim.write({ steering: [{ type: "plan", steps: [payStep] }] });
      await victim.goOn();
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "An approval of one turn is there when the next turn makes the same call",
    expected: once,
    async run() {
      const victim = new Victim(gated);
      const { requestId } = await victim.beginToWait();
      await victim.decide([approve]);
      await victim.begin();
      await victim.answer({ requestId, decisions: [approve] });
      return judge(victim.callsOf("pay").length === 1, victim.told());
    },
  },
]);

/** An approved charge failed, and a person fixes it with a change that says nothing about an approval. */
function mends(how: string, change: object): NamedAttack {
  return {
    name: `An approved call failed, and its step is mended by ${how}`,
    expected: "asked anew, then another key",
    async run() {
      const victim = new Victim({
        ...gatedCharge,
        steps: [chargeStep],
        moreTools: (spied) => [spied.spy("charge", chargeSchema, failOnce())],
        replanner: { maxReplans: 0 },
      });
      await victim.beginToWait();
      await victim.decide([approve]);
      assertSetUp(victim.callsOf("charge").length === 1, `after one approval: ${victim.told()}`);
      await victim.write({ steering: [change] });
      const { request } = await victim.goOn();
      const isAsked = request !== undefined && victim.callsOf("charge").length === 1;
      await victim.decide([approve]);
      const calls = victim.callsOf("charge");
      return judge(
        isAsked && keysOf(calls).size === 2,
        `${isAsked ? "asked" : "not asked"}, ${keysOf(calls).size} keys of ${calls.length} calls`,
      );
    },
  };
}

/** An approved charge failed, and something makes it run again. */
function failsAgain(
  how: string,
  options: VictimOptions,
  then: (victim: Victim) => Promise<unknown> = async () => {},
): NamedAttack {
  return {
    name: `An approved call failed, and ${how}`,
    expected: "one charge until it is asked for again",
    async run() {
      const victim = new Victim({
        steps: [chargeStep],
        moreTools: (spied) => [spied.spy("charge", chargeSchema, failOnce())],
        ...(options.approval?.escalate ? { replanner: { maxReplans: 0 } } : {}),
        ...options,
      });
      await victim.beginToWait();
      await victim.decide([approve]);
      await then(victim);
      return judge(victim.callsOf("charge").length === 1, victim.told());
    },
  };
}

/** An agent whose model makes the same call in each of its rounds. */
function repeats(id: string | undefined): NamedAttack {
  return {
    name: `A model makes an approved call again ${id === undefined ? "without an id" : "with the same id"}`,
    expected: "one payment, and no other without being asked",
    async run() {
      let round = 0;
      const victim = new Victim({
        ...gated,
        steps: [{ id: "pay", description: "Settle the bill" }],
        script: {
          agent: () =>
            round++ < 3 ? [{ name: "pay", args: payStep.args, ...(id === undefined ? {} : { id }) }] : "done",
        },
      });
      await victim.beginToWait();
      await victim.decide([approve]);
      const calls = victim.callsOf("pay");
      return judge(calls.length === 1 && keysOf(calls).size === 1, `${calls.length} calls; ${victim.told()}`);
    },
  };
}

function paysThenBreaks(): Script {
  return (messages) =>
    isAnswered(messages) ? new Error("the model is gone") : [{ name: "pay", args: payStep.args, id: "same" }];
}

function isAnswered(messages: readonly { getType(): string }[]): boolean {
  return messages.some((message) => message.getType() === "tool");
}

function keysOf(calls: readonly SpiedCall[]): Set<unknown> {
  return new Set(calls.map(({ key }) => key));
}

function failOnce(): () => string {
  let count = 0;
  return () => {
    count += 1;
    if (count === 1) {
      throw new Error("the card was declined");
    }
    return "charged";
  };
}
