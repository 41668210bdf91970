// Names that imitate others: of steps, of tools, and of JavaScript's own properties.
import { z } from "zod";
import { approve, reject } from "../../../test/support/approval.js";
import { areaOf, assertSetUp, judge, type NamedAttack } from "../case.js";
import { payStep, Victim } from "../victim.js";

const gated = { approval: { tools: { pay: true } } } as const;
const stepIds = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "1:pay",
  "plan",
  "plan:1",
  "steps",
  "pay:pay",
];
const toolNames = ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"];
const ownNames = ["plan", "respond", "blocked", "guidance", "__proto__"];

/** Names that also mean something else. */
export const nameCases = areaOf("names", [
  ...stepIds.map(
    (id): NamedAttack => ({
      name: `A step's id is ${id}, and it is rejected`,
      expected: "no payment",
      async run() {
        const victim = new Victim({ ...gated, steps: [{ ...payStep, id }] });
        const { request } = await victim.begin();
        if (request !== undefined) {
          await victim.decide([reject("no")]);
        }
        const isClean = Reflect.get({}, "status") === undefined;
        return judge(victim.calls.length === 0 && isClean, request === undefined ? "refused" : victim.told());
      },
    }),
  ),
  ...stepIds.map(
    (id): NamedAttack => ({
      name: `A step with the id ${id} is rejected beside one that is approved`,
      expected: "the approved one",
      async run() {
        const dear = { ...payStep, id, args: { amount: 9000, to: "eve" }, dependsOn: [] };
        const victim = new Victim({ ...gated, steps: [dear, { ...payStep, dependsOn: [] }] });
        const { request } = await victim.begin();
        if (request === undefined) {
          return judge(victim.calls.length === 0, "refused");
        }
        const decisions = request.actionRequests.map(({ args }) =>
          args.amount === 9000 ? reject("no") : approve,
        );
        await victim.decide(decisions);
        return judge(
          victim.callsOf("pay").every(({ args }) => args.amount === 5),
          victim.told(),
        );
      },
    }),
  ),
  ...toolNames.map(
    (name): NamedAttack => ({
      name: `A gated tool is called ${name}`,
      expected: "no call, asked first",
      async run() {
        const step = { id: "1", description: "Do it", tool: name, args: { amount: 9000 } };
        const victim = new Victim({
          steps: [step],
          moreTools: (spied) => [spied.spy(name, z.object({ amount: z.number() }), () => "done")],
        });
        const { request } = await victim.begin({ context: { approveTools: [name] } });
        return judge(request !== undefined && victim.calls.length === 0, victim.told());
      },
    }),
  ),
  ...toolNames.map(
    (name): NamedAttack => ({
      name: `A tool without a rule is called ${name}, in an agent that has rules`,
      expected: "called as it is planned",
      async run() {
        const step = { id: "1", description: "Do it", tool: name, args: { amount: 1 } };
        const victim = new Victim({
          ...gated,
          steps: [step],
          moreTools: (spied) => [spied.spy(name, z.object({ amount: z.number() }), () => "done")],
        });
        const { error } = await victim.begin();
        return judge(victim.callsOf(name).length === 1, String(error ?? victim.told()));
      },
    }),
  ),
  ...ownNames.map(
    (name): NamedAttack => ({
      name: `A developer's gated tool is called ${name}, like one of the agent's own`,
      expected: "refused when it is built, or asked first",
      async run() {
        const step = { id: "1", description: "Do it", tool: name, args: { amount: 9000 } };
        let victim: Victim;
        try {
          victim = new Victim({
            steps: [step],
            approval: { tools: Object.fromEntries([[name, true]]) },
            moreTools: (spied) => [spied.spy(name, z.object({ amount: z.number() }), () => "done")],
          });
        } catch (error) {
          return judge(error instanceof Error, String(error));
        }
        const { request, error } = await victim.begin();
        await victim.decide([reject("no")]);
        return judge(
          victim.calls.length === 0,
          String(error ?? (request === undefined ? "not asked" : "asked")),
        );
      },
    }),
  ),
  {
    name: "An item of a list and a step that imitates its id wait together, and one is rejected",
    expected: "the approved one",
    async run() {
      const list = { id: "bills", description: "List", tool: "bills", args: {} };
      const each = {
        id: "a",
        description: "Pay each",
        tool: "pay",
        args: { amount: 5 },
        forEach: "{{bills}}",
        dependsOn: ["bills"],
      };
      const ids = ["a[0]", "a.0", "a 0", "A"];
      const imitations = ids.map((id) => ({ ...each, id, forEach: undefined, description: id }));
      const told: string[] = [];
      for (const imitation of imitations) {
        const victim = new Victim({
          ...gated,
          steps: [list, each, imitation],
          moreTools: (spied) => [spied.spy("bills", z.object({}), () => [1], true)],
        });
        const { request } = await victim.begin();
        if (request?.actionRequests.length === 2) {
          await victim.decide([approve, reject("no")]);
          if (victim.callsOf("pay").length !== 1) {
            told.push(`${imitation.id}: ${victim.told()}`);
          }
        } else if (victim.callsOf("pay").length > 0) {
          told.push(`${imitation.id}: ${victim.told()}`);
        }
      }
      return judge(told.length === 0, told.join("; ") || "held");
    },
  },
  {
    name: "A model calls a gated tool by a name that differs in case and blanks",
    expected: "no payment unasked",
    async run() {
      const told: string[] = [];
      for (const name of ["Pay", " pay", "pay ", "PAY", "functions.pay", "pay()", "раy"]) {
        const victim = new Victim({
          ...gated,
          steps: [{ ...payStep, tool: name }],
          script: { agent: [{ name, args: payStep.args }] },
        });
        await victim.begin();
        if (victim.calls.length > 0) {
          told.push(`${name}: ${victim.told()}`);
        }
      }
      return judge(told.length === 0, told.join("; ") || "held");
    },
  },
  {
    name: "An agent calls a gated tool by a name that differs in case and blanks",
    expected: "no payment unasked",
    async run() {
      const told: string[] = [];
      for (const name of ["Pay", " pay", "pay ", "PAY", "functions.pay", "раy"]) {
        let round = 0;
        const victim = new Victim({
          ...gated,
          steps: [{ id: "1", description: "Settle it" }],
          script: { agent: () => (round++ === 0 ? [{ name, args: payStep.args }] : "done") },
        });
        await victim.begin();
        if (victim.calls.length > 0) {
          told.push(`${name}: ${victim.told()}`);
        }
      }
      return judge(told.length === 0, told.join("; ") || "held");
    },
  },
  {
    name: "Arguments beside the schema's are shown and approved, and others reach the tool",
    expected: "what was shown is what came",
    async run() {
      const args = JSON.parse(
        '{"amount":5,"to":"acme","__proto__":{"amount":9000},"constructor":{"prototype":{"to":"eve"}}}',
      );
      const victim = new Victim({ ...gated, steps: [{ ...payStep, args }] });
      const { request } = await victim.begin();
      if (request !== undefined) {
        await victim.decide([approve]);
      }
      const isCheap = victim
        .callsOf("pay")
        .every((call) => call.args.amount === 5 && call.args.to === "acme");
      return judge(isCheap && Reflect.get({}, "to") === undefined, victim.told());
    },
  },
  {
    name: "A gated call's arguments are a reference whose value changes the call after it was approved",
    expected: "what was approved is what is paid",
    async run() {
      let amount = 5;
      const list = { id: "price", description: "Look the price up", tool: "price", args: {} };
      const pay = { ...payStep, args: { amount: "{{price}}", to: "acme" } };
      const victim = new Victim({
        ...gated,
        steps: [list, pay],
        moreTools: (spied) => [spied.spy("price", z.object({}), () => amount, true)],
      });
      const { actionRequests } = await victim.beginToWait();
      assertSetUp(actionRequests[0]?.args.amount === 5, "the price is not shown");
      amount = 9000;
      await victim.write({
        pastSteps: [
          {
            id: "price",
            description: "x",
            status: "done",
            output: 9000,
            attempts: 1,
            endedAt: "2026-01-01T00:00:00Z",
          },
        ],
      });
      await victim.decide([approve]);
      return judge(
        victim.callsOf("pay").every((call) => call.args.amount === 5),
        victim.told(),
      );
    },
  },
]);
