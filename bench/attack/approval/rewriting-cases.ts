// Point 2: channels of a waiting request, plan or step are rewritten, and then a person decides.
import { Overwrite } from "@langchain/langgraph";
import { approve, type ShownRequest } from "../../../test/support/approval.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { payStep, type SpiedCall, Victim, type VictimOptions } from "../victim.js";
import { type Forged, ways } from "./forgery-ways.js";

const usualWays = new Set([
  "updateState",
  "updateState as approval",
  "updateState as executor",
  "a command with an update",
]);
const expensive = { ...payStep, args: { amount: 9000, to: "eve" } };

/** A person decides on what they were shown. */
export const rewritingCases = areaOf("rewriting", [
  rewrites({
    name: "What a person is shown is written anew, so that they approve something else",
    options: { steps: [expensive], approval: { tools: { pay: true } } },
    change: ({ request }) => ({ request: replaced(request, '"amount":9000', '"amount":5') }),
    async after(victim) {
      const { request } = await victim.goOn();
      if (JSON.stringify(request ?? {}).includes('"amount":5')) {
        await victim.decide([approve]);
      }
    },
    isHeld: (calls) => calls.length === 0,
  }),
  rewrites({
    name: "The time until which an answer is taken is taken away, and the answer comes late",
    options: { approval: { tools: { pay: true }, expiresAfter: 1 } },
    change: ({ request }) => ({ request: { ...Object(request), expiresAt: null } }),
    after: (victim, { requestId }) => victim.answer({ requestId, decisions: [approve] }),
    isHeld: (calls) => calls.length === 0,
  }),
  rewrites({
    name: "The time until which an answer is taken is put off, and the answer comes late",
    options: { approval: { tools: { pay: true }, expiresAfter: 1 } },
    change: ({ request }) => ({ request: { ...Object(request), expiresAt: "2999-01-01T00:00:00.000Z" } }),
    after: (victim, { requestId }) => victim.answer({ requestId, decisions: [approve] }),
    isHeld: (calls) => calls.length === 0,
  }),
  rewrites({
    name: "A plan that nobody approved is written among the versions, and a replan uses it",
    options: {
      steps: [{ id: "check", description: "Check", tool: "flaky", args: {} }],
      script: { replanner: [{ name: "plan", args: { steps: [{ ...expensive, id: "new" }] } }] },
      approval: { plan: true },
    },
    change: ({ planVersions }) => ({
      planVersions: JSON.parse(JSON.stringify(planVersions)).map((version: { steps: unknown[] }) => ({
        ...version,
        steps: [...version.steps, expensive],
      })),
    }),
    after: (victim) => victim.decide([approve]),
  }),
  rewrites({
    name: "The plan that waits is written anew behind the one that is shown, and approved",
    options: { approval: { plan: true } },
    change: ({ plan }) => ({ plan: replaced(plan, '"amount":5', '"amount":9000') }),
    async after(victim, shown) {
      await victim.answer({ requestId: shown.requestId, decisions: [approve] });
      await victim.goOn();
    },
  }),
  rewrites({
    name: "The arguments that a waiting step has kept are written anew, and the step is approved",
    options: {
      steps: [{ id: "pay", description: "Pay acme", tool: "pay" }],
      script: { call: [{ name: "pay", args: payStep.args }] },
      approval: { tools: { pay: true } },
    },
    change: ({ suspended }) => ({ suspended: replaced(suspended, '"amount":5', '"amount":9000') }),
    after: (victim) => victim.decide([approve]),
  }),
  rewrites({
    name: "A call in the transcript of an agent that waits is written anew, and the call is approved",
    options: {
      steps: [{ id: "pay", description: "Settle the bill" }],
      script: {
        agent: (messages) =>
          messages.some((message) => message.getType() === "tool")
            ? "paid"
            : [{ name: "pay", args: payStep.args, id: "call_1" }],
      },
      approval: { tools: { pay: true } },
    },
    change: ({ suspended }) => ({ suspended: replaced(suspended, '"amount":5', '"amount":9000') }),
    after: (victim) => victim.decide([approve]),
  }),
  rewrites({
    name: "The turn's id is written anew once the payment is made, and its result is wiped",
    options: { approval: { tools: { pay: true } } },
    async before(victim) {
      await victim.decide([approve]);
    },
    change: ({ turn }) => ({ turn: { ...Object(turn), id: "another" }, pastSteps: new Overwrite([]) }),
    after: (victim) => victim.goOn(),
    isHeld: (calls) => calls.length === 1,
  }),
  {
    name: "An old request's id is written over the new one's, and the old answer is sent again",
    expected: "no payment of 9000",
    async run() {
      const steps = [payStep, { ...expensive, id: "more" }];
      const victim = new Victim({ steps, approval: { tools: { pay: true }, requireRequestId: true } });
      const first = await victim.beginToWait();
      const answer = { requestId: first.requestId, decisions: [approve] };
      await victim.answer(answer);
      const { request } = await victim.state();
      await victim.write({ request: { ...Object(request), id: first.requestId } }, "executor");
      await victim.answer(answer);
      await victim.goOn();
      return judge(
        victim.callsOf("pay").every(({ args }) => args.amount === 5),
        victim.told(),
      );
    },
  },
]);

/** Something that is rewritten while a request waits, and what follows. */
interface Rewriting {
  readonly name: string;
  readonly options: VictimOptions;
  before?(victim: Victim): Promise<unknown>;
  change(state: Record<string, unknown>): Forged;
  after(victim: Victim, request: ShownRequest): Promise<unknown>;
  /** @default no payment of 9000 */
  isHeld?(calls: readonly SpiedCall[]): boolean;
}

/** Tries each of the usual ways to write on a thread of its own. */
function rewrites({ name, options, before, change, after, isHeld = isCheap }: Rewriting): NamedAttack {
  return {
    name,
    expected: "nothing that was not approved",
    async run() {
      const told: string[] = [];
      for (const { how, write } of ways.filter(({ how }) => usualWays.has(how))) {
        const victim = new Victim(options);
        const request = await victim.beginToWait();
        await before?.(victim);
        await write(victim, change(await victim.state()));
        await after(victim, request);
        if (!isHeld(victim.callsOf("pay"))) {
          told.push(`${how}: ${victim.told()}`);
        }
      }
      return judge(told.length === 0, told.join("; ") || "nothing");
    },
  };
}

function isCheap(calls: readonly SpiedCall[]): boolean {
  return calls.every(({ args }) => args.amount !== 9000);
}

function replaced(value: unknown, from: string, to: string): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(from, to));
}
