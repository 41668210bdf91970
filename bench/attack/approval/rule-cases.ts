// Point 7: rules may be asynchronous, may throw and may answer anything. Then a person is asked, and nothing dies.
import type { PlanExecuteOptions } from "../../../src/index.js";
import { approve } from "../../../test/support/approval.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { payStep, Victim, type VictimOptions } from "../victim.js";

/** A function that breaks its word, whatever its type says. */
type Rule = (...given: unknown[]) => unknown;

const breaks: readonly (readonly [string, Rule])[] = [
  [
    "throws",
    () => {
      throw new Error("the rule is broken");
    },
  ],
  [
    "throws what is no error",
    () => {
      throw null;
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("the rule is broken");
    },
  ],
  [
    "rejects later",
    () =>
      later(() => {
        throw new Error("the rule is broken");
      }),
  ],
  ["rejects with nothing", () => Promise.reject(undefined)],
];
/** Enough breaks for the cases that only check that nothing dies. */
const someBreaks = breaks.filter(([how]) => how === "throws" || how === "rejects later");
const yes: readonly (readonly [string, Rule])[] = [
  ["says yes in a promise", async () => true],
  ["says yes later", () => later(() => true)],
  ["says yes in a thenable", () => withRule("then", (take: (value: boolean) => void) => take(true))],
];

/** Rules that are promises, break, or say something unexpected. */
export const ruleCases = areaOf("rules", [
  ...[...yes, ...breaks].map(([how, when]) =>
    asks(`A rule's when ${how}`, { tools: { pay: withRule("when", when) } }),
  ),
  ...[...yes, ...breaks].map(([how, plan]) => asks(`The rule for plans ${how}`, withRule("plan", plan))),
  ...breaks.map(([how, description]) =>
    asks(`A rule's description ${how}`, { tools: { pay: withRule("description", description) } }),
  ),
  asks("A rule's description is an object", { tools: { pay: withRule("description", () => ({ a: 1 })) } }),
  ...someBreaks.flatMap(([how, refuse]) => [
    refuses(`A rule's refuse ${how}`, refuse),
    refuses(`A rule's refuse ${how}, and its when lets the call run`, refuse, () => false),
  ]),
  refuses(
    "A rule refuses a call that its when lets run",
    () => "not today",
    () => false,
  ),
  passes("A rule's when says no in a promise", { tools: { pay: withRule("when", async () => false) } }),
  passes(
    "The rule for plans says no in a promise",
    withRule("plan", async () => false),
  ),
  {
    name: "A rule's description is a promise",
    expected: "the words are shown",
    async run() {
      const description = async () => "Pay the landlord";
      const victim = new Victim({ approval: { tools: { pay: withRule("description", description) } } });
      const { actionRequests } = await victim.beginToWait();
      return judge(
        actionRequests[0]?.description.includes("Pay the landlord") ?? false,
        JSON.stringify(actionRequests[0]?.description),
      );
    },
  },
  {
    name: "A check of an output finds a fault in a promise",
    expected: "the step is not done",
    run: () =>
      checks(
        async () => "that is not enough",
        (status) => status === "unexpected",
      ),
  },
  ...breaks.map(
    ([how, check]): NamedAttack => ({
      name: `A check of an output ${how}`,
      expected: "the process lives, the step is not taken for good",
      run: () => checks(check, (status) => status !== "done"),
    }),
  ),
  ...someBreaks.map(
    ([how, onEvent]): NamedAttack => ({
      name: `A listener to events ${how}`,
      expected: "the process lives, and asks",
      async run() {
        const victim = new Victim({ approval: { tools: { pay: true } }, ...withRule("onEvent", onEvent) });
        const { request, error } = await victim.begin();
        return judge(request !== undefined && victim.calls.length === 0, String(error ?? victim.told()));
      },
    }),
  ),
  ...someBreaks.map(([how, onWaiting]) =>
    asks(`Who is told of a request ${how}`, { tools: { pay: true }, ...withRule("onWaiting", onWaiting) }),
  ),
  ...someBreaks.map(
    ([how, when]): NamedAttack => ({
      name: `The policy of replans ${how}`,
      expected: "the process lives, and the run ends",
      async run() {
        const victim = new Victim({ replanner: withRule("when", when) });
        const { output, error } = await victim.begin();
        const status: unknown = output === undefined ? String(error) : Reflect.get(output, "status");
        return judge(status === "done" && victim.callsOf("pay").length === 1, `${status}, ${victim.told()}`);
      },
    }),
  ),
  {
    name: "A rule that waits for ever does not outlive the caller's signal",
    expected: "no payment, and the run ends",
    async run() {
      const when = () => new Promise(() => {});
      const victim = new Victim({ approval: { tools: { pay: withRule("when", when) } } });
      await victim.begin({ signal: AbortSignal.timeout(500) });
      return judge(victim.calls.length === 0, victim.told());
    },
  },
  {
    name: "A rule changes the arguments that it is asked about",
    expected: "no payment of 9000",
    async run() {
      const when = (args: unknown) => Reflect.set(Object(args), "amount", 9000);
      const victim = new Victim({ approval: { tools: { pay: withRule("when", when) } } });
      const { request } = await victim.begin();
      const isShown = JSON.stringify(request ?? {}).includes("9000");
      await victim.decide([approve]);
      const isPaid = victim.callsOf("pay").some(({ args }) => args.amount === 9000);
      return judge(!isPaid || isShown, `${victim.told()}${isShown ? ", as shown" : ""}`);
    },
  },
]);

function asks(name: string, approval: NonNullable<PlanExecuteOptions["approval"]>): NamedAttack {
  return {
    name,
    expected: "no payment, a person is asked",
    async run() {
      const victim = new Victim({ approval });
      const { request, error } = await victim.begin();
      return judge(request !== undefined && victim.calls.length === 0, String(error ?? victim.told()));
    },
  };
}

function passes(name: string, approval: NonNullable<PlanExecuteOptions["approval"]>): NamedAttack {
  return {
    name,
    expected: "one payment, nobody is asked",
    async run() {
      const victim = new Victim({ approval });
      const { request, error } = await victim.begin();
      return judge(
        request === undefined && victim.callsOf("pay").length === 1,
        String(error ?? victim.told()),
      );
    },
  };
}

function refuses(name: string, refuse: Rule, when?: Rule): NamedAttack {
  return {
    name,
    expected: "no payment",
    async run() {
      const pay = { ...withRule("refuse", refuse), ...(when === undefined ? {} : withRule("when", when)) };
      const victim = new Victim({ approval: { tools: { pay } } });
      const { request } = await victim.begin();
      if (request !== undefined) {
        return judge(victim.calls.length === 0, `asked, ${victim.told()}`);
      }
      return judge(victim.calls.length === 0, victim.told());
    },
  };
}

async function checks(check: Rule, isRight: (status: unknown) => boolean) {
  const options: VictimOptions = {
    steps: [payStep],
    executor: withRule("checkOutput", { pay: check }),
    replanner: { maxReplans: 0 },
  };
  const victim = new Victim(options);
  const { error } = await victim.begin();
  const { pastSteps } = await victim.state();
  const [result]: unknown[] = Array.isArray(pastSteps) ? pastSteps : [];
  const status: unknown = Reflect.get(Object(result), "status");
  return judge(isRight(status) && error === undefined, String(error ?? status));
}

/** Options as JavaScript writes them, where no type stands in the way. */
function withRule(name: string, rule: unknown): object {
  return { [name]: rule };
}

function later<Value>(make: () => Value): Promise<Value> {
  return new Promise((resolve) => setTimeout(resolve, 5)).then(make);
}
