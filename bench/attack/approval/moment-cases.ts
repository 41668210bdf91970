// Point 4 in time: decisions and calls that are cut off, wiped, forked, or come twice at the same moment.
import { Command, MemorySaver, Overwrite } from "@langchain/langgraph";
import { z } from "zod";
import { approve, reject } from "../../../test/support/approval.js";
import { areaOf, judge } from "../case.js";
import { payStep, type SpiedCall, Victim } from "../victim.js";

const gated = { approval: { tools: { pay: true } } } as const;
const gatedCharge = { approval: { tools: { charge: true } } } as const;
const once = "one payment";
const chargeStep = { id: "pay", description: "Charge the card", tool: "charge", args: { amount: 5 } };
const chargeSchema = z.object({ amount: z.number() });

/** An approval outlives no call, however the run continues. */
export const momentCases = areaOf("moments", [
  {
    name: "The result of an approved call is wiped from outside, and the run goes on",
    expected: once,
    async run() {
      const later = { id: "later", description: "Look", tool: "look_up", args: {}, dependsOn: ["pay"] };
      const victim = new Victim({ ...gated, steps: [payStep, later] });
      await victim.beginToWait();
      await victim.decide([approve]);
      await victim.write({ pastSteps: new Overwrite([]), status: "executing", outcome: null }, "planner");
      await victim.goOn();
      await victim.write({ pastSteps: new Overwrite([]) }, "approval");
      await victim.goOn();
      return judge(victim.callsOf("pay").length === 1, victim.told());
    },
  },
  {
    name: "A thread goes back to before the answer, and another call is in the plan then",
    expected: "no payment of 9000",
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait();
      await victim.decide([approve]);
      const dear = { ...payStep, args: { amount: 9000, to: "eve" } };
      for await (const { config, next } of victim.agent.getStateHistory(victim.thread)) {
        if (next[0] === "executor" || next[0] === "approval") {
          const forked = await victim.agent.updateState(config, { plan: [dear] }).catch(() => config);
          await victim.goOn(forked);
          await victim.decide([approve], config).catch(String);
        }
      }
      return judge(isCheapOrAsked(victim), victim.told());
    },
  },
  {
    name: "A thread goes back to the moment after the answer, again and again",
    expected: "one payment, or the same key for each",
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait();
      await victim.decide([approve]);
      const steps: object[] = [];
      for await (const { config, next } of victim.agent.getStateHistory(victim.thread)) {
        if (next[0] === "executor") {
          steps.push(config);
        }
      }
      for (const config of steps) {
        await victim.goOn(config);
      }
      return judge(
        keysOf(victim.callsOf("pay")).size === 1,
        `${victim.told()}, ${keysOf(victim.calls).size} keys`,
      );
    },
  },
  {
    name: "An approval is given to a fork, and the thread itself goes on without one",
    expected: "no payment in the thread itself",
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait();
      const { config } = await victim.agent.getState(victim.thread);
      await victim.run(new Command({ resume: { decisions: [reject("no")] } }), {});
      await victim.run(new Command({ resume: { decisions: [approve] } }), config);
      const paid = victim.callsOf("pay").length;
      await victim.goOn();
      return judge(victim.callsOf("pay").length === paid && paid <= 1, victim.told());
    },
  },
  {
    name: "Two answers come at the same moment",
    expected: "one key",
    async run() {
      const victim = new Victim(gated);
      await victim.beginToWait();
      await Promise.all([victim.decide([approve]), victim.decide([approve])]);
      return judge(
        keysOf(victim.callsOf("pay")).size === 1,
        `${keysOf(victim.calls).size} keys: ${victim.told()}`,
      );
    },
  },
  {
    name: "An approval and a rejection come at the same moment, and the approval again after both",
    expected: "at most one key",
    async run() {
      const victim = new Victim(gated);
      const { requestId } = await victim.beginToWait();
      const yes = { requestId, decisions: [approve] };
      await Promise.all([victim.decide([reject("no")]), victim.answer(yes)]);
      await victim.answer(yes);
      return judge(keysOf(victim.callsOf("pay")).size <= 1, victim.told());
    },
  },
  {
    name: "An approved call is cut off in its middle by the caller, and the run goes on",
    expected: "asked anew, or the same key",
    async run() {
      const abort = new AbortController();
      const victim = new Victim({
        ...gatedCharge,
        steps: [chargeStep],
        moreTools: (spied) => [spied.spy("charge", chargeSchema, () => stopOnce(abort))],
      });
      await victim.beginToWait();
      await victim.decide([approve], { signal: abort.signal });
      await victim.goOn();
      return judge(keysOf(victim.calls).size <= 1, `${keysOf(victim.calls).size} keys: ${victim.told()}`);
    },
  },
  {
    name: "The approved call's answer is lost with the database, and the run goes on",
    expected: "asked anew, or the same key",
    async run() {
      const victim = new Victim({ ...gated, checkpointer: new ForgetfulSaver() });
      await victim.beginToWait();
      await victim.decide([approve]);
      await victim.goOn();
      return judge(
        keysOf(victim.callsOf("pay")).size === 1,
        `${keysOf(victim.calls).size} keys: ${victim.told()}`,
      );
    },
  },
]);

function keysOf(calls: readonly SpiedCall[]): Set<unknown> {
  return new Set(calls.map(({ key }) => key));
}

function isCheapOrAsked(victim: Victim): boolean {
  return victim.callsOf("pay").every(({ args }) => args.amount !== 9000);
}

async function stopOnce(abort: AbortController): Promise<string> {
  if (!abort.signal.aborted) {
    abort.abort();
    await new Promise(() => {});
  }
  return "charged";
}

/** A database that loses the first task result after an answer came. */
class ForgetfulSaver extends MemorySaver {
  #hasLost = false;

  override async putWrites(...given: Parameters<MemorySaver["putWrites"]>): Promise<void> {
    const [, writes] = given;
    if (!this.#hasLost && JSON.stringify(writes).includes('"paid"')) {
      this.#hasLost = true;
      throw new Error("the database is gone");
    }
    return super.putWrites(...given);
  }
}
