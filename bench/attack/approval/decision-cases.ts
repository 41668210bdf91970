// Point 1: a decision that was accepted always holds, and what once waited still waits, whatever today's rules say.
import { edit, reject } from "../../../test/support/approval.js";
import { areaOf, assertSetUp, judge, type NamedAttack } from "../case.js";
import { payStep, Victim, type VictimOptions } from "../victim.js";

const context = { approveTools: ["pay"] };
const edited = edit("pay", { amount: 1, to: "acme" });
const neverPaid = "no payment";
const clerk = {
  configurable: { langgraph_auth_user: { identity: "clerk" }, langgraph_auth_user_id: "clerk" },
};
const manager = {
  configurable: { langgraph_auth_user: { identity: "manager" }, langgraph_auth_user_id: "manager" },
};
const forClerks = { when: (_: object, { userId }: { userId?: string }) => userId !== "manager" };

/** Where a payment waits, and how the rule is lost before the answer. */
interface LostRule {
  readonly how: string;
  readonly options?: VictimOptions;
  readonly begin?: object;
  readonly answer?: object;
  readonly rebuild?: VictimOptions;
}

const agentSteps = {
  steps: [{ id: "pay", description: "Settle the bill with acme" }],
  script: { agent: payThenSay() },
} satisfies VictimOptions;
const callSteps = {
  steps: [{ id: "pay", description: "Pay acme 5", tool: "pay" }],
  script: { call: [{ name: "pay", args: { amount: 5, to: "acme" } }] },
} satisfies VictimOptions;

const lostRules: readonly LostRule[] = [
  { how: "the context is not repeated", begin: { context } },
  { how: "an empty context comes with the answer", begin: { context }, answer: { context: {} } },
  {
    how: "a context with no tools to approve comes with the answer",
    begin: { context },
    answer: { context: { approveTools: [] } },
  },
  {
    how: "the rule is for clerks, and a manager answers",
    options: { approval: { tools: { pay: forClerks } } },
    begin: clerk,
    answer: manager,
  },
  { how: "a new build has no rule", options: { approval: { tools: { pay: true } } }, rebuild: {} },
  {
    how: "a new build says that the tool needs no approval",
    options: { approval: { tools: { pay: true } } },
    rebuild: { approval: { tools: { pay: false } } },
  },
  { how: "the call is an agent's, and the context is not repeated", options: agentSteps, begin: { context } },
  {
    how: "the call is an agent's, and a manager answers",
    options: { ...agentSteps, approval: { tools: { pay: forClerks } } },
    begin: clerk,
    answer: manager,
  },
  {
    how: "a model made the arguments, and the context is not repeated",
    options: callSteps,
    begin: { context },
  },
];

/** Decisions outlive the rule that asked for them. */
export const decisionCases = areaOf("decisions hold", [
  ...lostRules.flatMap((lost) => [rejects(lost), edits(lost)]),
  ...lostRules.slice(0, 5).map(goesOn),
]);

function rejects({ how, options, begin, answer, rebuild }: LostRule): NamedAttack {
  return {
    name: `A rejected payment is made where ${how}`,
    expected: neverPaid,
    async run() {
      const victim = new Victim(options);
      await victim.beginToWait(begin);
      const agent = rebuild === undefined ? victim.agent : victim.build(rebuild);
      await victim.decide([reject("no")], answer, agent);
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  };
}

function edits({ how, options, begin, answer, rebuild }: LostRule): NamedAttack {
  return {
    name: `An edited payment is made as the model wrote it where ${how}`,
    expected: "one payment of 1",
    async run() {
      const victim = new Victim(options);
      await victim.beginToWait(begin);
      const agent = rebuild === undefined ? victim.agent : victim.build(rebuild);
      await victim.decide([edited], answer, agent);
      const [first, ...more] = victim.callsOf("pay");
      return judge(first?.args.amount === 1 && more.length === 0, victim.told());
    },
  };
}

function goesOn({ how, options, begin, answer, rebuild }: LostRule): NamedAttack {
  return {
    name: `A payment that waits is made once another step is skipped, where ${how}`,
    expected: "no payment, asked anew",
    async run() {
      const later = { id: "later", description: "Look later", tool: "look_up", args: {}, dependsOn: ["pay"] };
      const victim = new Victim({ steps: [payStep, later], ...options });
      await victim.beginToWait(begin);
      const agent = rebuild === undefined ? victim.agent : victim.build(rebuild);
      const unanswered = await victim.goOn(answer, agent);
      assertSetUp(unanswered.request !== undefined || victim.calls.length > 0, "neither asked nor paid");
      await victim.write({ steering: [{ type: "skip", stepId: "later" }] });
      const { request } = await victim.goOn(answer, agent);
      return judge(victim.callsOf("pay").length === 0 && request !== undefined, victim.told());
    },
  };
}

/** A model that pays once and then answers. */
function payThenSay() {
  return (messages: readonly { getType(): string }[]) =>
    messages.some((message) => message.getType() === "tool")
      ? "paid it"
      : [{ name: "pay", args: payStep.args }];
}
