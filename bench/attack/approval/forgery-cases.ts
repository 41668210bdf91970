// Point 2: nothing that says what a person decided, who they were, or what waits can be written from outside.
import { Command, Overwrite, Send } from "@langchain/langgraph";
import { createPlanExecuteGraph } from "../../../src/index.js";
import { approve, type ShownRequest } from "../../../test/support/approval.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { type AttackedAgent, payStep, type SpiedCall, Victim, type VictimOptions } from "../victim.js";

/** What a forger writes. */
type Forged = Readonly<Record<string, unknown>>;

/** One way of writing into a thread. */
interface Way {
  readonly how: string;
  write(victim: Victim, forged: Forged): Promise<unknown>;
}

const update = (asNode?: string, shape: (forged: Forged) => unknown = (forged) => forged): Way["write"] => {
  return (victim, forged) => victim.write(shape(forged), asNode);
};
const run = (make: (forged: Forged) => unknown): Way["write"] => {
  return (victim, forged) => victim.run(make(forged));
};

class Forgery {
  constructor(forged: Forged) {
    Object.assign(this, forged);
  }
}

const ways: readonly Way[] = [
  { how: "updateState", write: update() },
  ...["planner", "approval", "executor", "replanner", "retry", "__start__", "__input__"].map((node) => ({
    how: `updateState as ${node}`,
    write: update(node),
  })),
  {
    how: "updateState as __copy__, with updates as nodes",
    write: update("__copy__", (forged) => [
      [forged, "approval"],
      [forged, "executor"],
    ]),
  },
  {
    how: "updateState with Overwrite",
    write: update("approval", (forged) => mapped(forged, (value) => new Overwrite(value))),
  },
  {
    how: "updateState with __overwrite__",
    write: update("approval", (forged) => mapped(forged, (value) => ({ __overwrite__: value }))),
  },
  {
    how: "updateState of an object without a prototype",
    write: update("approval", (forged) => Object.assign(Object.create(null), forged)),
  },
  {
    how: "updateState of an instance of a class",
    write: update("approval", (forged) => new Forgery(forged)),
  },
  {
    how: "updateState of a command",
    write: update("approval", (forged) => new Command({ update: { ...forged } })),
  },
  {
    how: "updateState of a list of commands",
    write: update("approval", (forged) => [new Command({ update: { ...forged } })]),
  },
  {
    how: "bulkUpdateState, behind a harmless update",
    write: (victim, forged) =>
      victim.agent.bulkUpdateState(victim.thread, [
        { updates: [{ values: { response: "" }, asNode: "approval" }] },
        { updates: [{ values: forged, asNode: "approval" }] },
      ]),
  },
  {
    how: "updateState of the checkpoint before the request",
    async write(victim, forged) {
      for await (const { config, values } of victim.agent.getStateHistory(victim.thread)) {
        if (values.plan?.length > 0 && values.waiting?.length === 0) {
          const fork = await victim.agent.updateState(config, forged, "executor");
          return victim.goOn(fork);
        }
      }
      return undefined;
    },
  },
  { how: "a command with an update", write: run((forged) => new Command({ update: { ...forged } })) },
  {
    how: "a command with an update in pairs",
    write: run((forged) => new Command({ update: Object.entries(forged) })),
  },
  {
    how: "a command with an update and an answer that is refused",
    write: run((forged) => new Command({ update: { ...forged }, resume: { decisions: [] } })),
  },
  ...["executor", "planner", "replanner", "retry"].map((node) => ({
    how: `a command with an update that goes to ${node}`,
    write: run((forged) => new Command({ update: { ...forged }, goto: node })),
  })),
  {
    how: "a command that sends a forged state to the executor",
    async write(victim, forged) {
      const state = await victim.state();
      return victim.run(new Command({ goto: new Send("executor", { ...state, ...forged }) }));
    },
  },
  { how: "an input with these channels", write: run((forged) => ({ ...forged })) },
  {
    how: "an input in words with these channels",
    write: run((forged) => ({ input: "", messages: [], ...forged })),
  },
  {
    how: "a batch of commands",
    write: (victim, forged) =>
      victim.agent.batch([new Command({ update: { ...forged }, goto: "executor" })], victim.thread),
  },
  {
    how: "a stream of a command",
    async write(victim, forged) {
      const command = new Command({ update: { ...forged }, goto: "executor" });
      const stream = await victim.agent.stream(command, { ...victim.thread, streamMode: "updates" });
      for await (const _ of stream);
    },
  },
  {
    how: "the events of a command",
    async write(victim, forged) {
      const command = new Command({ update: { ...forged }, goto: "executor" });
      for await (const _ of victim.agent.streamEvents(command, { ...victim.thread, version: "v2" }));
    },
  },
];

const usualWays = new Set([
  "updateState",
  "updateState as approval",
  "updateState as executor",
  "a command with an update",
]);
const expensive = { ...payStep, args: { amount: 9000, to: "eve" } };

const gotos: readonly (readonly [string, Command["goto"]])[] = [
  ["the executor", "executor"],
  ["the executor, in a list", ["executor"]],
  ["the executor, with the state as it is", new Send("executor", {})],
  ["the replanner", "replanner"],
  ["the node that takes ends back", "retry"],
  ["the approval node", "approval"],
];

/** What is decided, and what waits, cannot be written from outside. */
export const forgeryCases = areaOf("forgery", [
  ...ways.map(forges),
  ...gotos.flatMap(jumps),
  {
    name: "An approval is forged in a graph that was compiled by somebody else",
    expected: "no payment",
    async run() {
      const victim = new Victim();
      const graph = createPlanExecuteGraph({
        model: victim.model,
        tools: victim.tools(),
        approval: { tools: { pay: true } },
      });
      const agent: AttackedAgent = graph.compile({ checkpointer: victim.checkpointer });
      const { request } = await victim.begin({}, agent);
      const forged = forgedApproval(request);
      await agent.updateState(victim.thread, forged, "approval").catch(String);
      await victim.goOn({}, agent);
      await victim.run(new Command({ update: { ...forged }, goto: "executor" }), {}, agent);
      await victim.goOn({}, agent);
      return judge(request !== undefined && victim.callsOf("pay").length === 0, victim.told());
    },
  },
  rewrites({
    name: "What a person is shown is written anew, so that they approve something else",
    options: { steps: [expensive], approval: { tools: { pay: true } } },
    change: ({ waiting }) => ({ waiting: replaced(waiting, '"amount":9000', '"amount":5') }),
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
    change: () => ({ expiresAt: "" }),
    after: (victim, { requestId }) => victim.answer({ requestId, decisions: [approve] }),
    isHeld: (calls) => calls.length === 0,
  }),
  rewrites({
    name: "The time until which an answer is taken is put off, and the answer comes late",
    options: { approval: { tools: { pay: true }, expiresAfter: 1 } },
    change: () => ({ expiresAt: "2999-01-01T00:00:00.000Z" }),
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
    change: () => ({ turnId: "another", pastSteps: new Overwrite([]) }),
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
      await victim.write({ requestId: first.requestId }, "executor");
      await victim.answer(answer);
      await victim.goOn();
      return judge(
        victim.callsOf("pay").every(({ args }) => args.amount === 5),
        victim.told(),
      );
    },
  },
  {
    name: "A rejected payment is opened again by wiping its result",
    expected: "no payment",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.beginToWait();
      await victim.decide([{ type: "reject", message: "no" }]);
      await victim.write({ pastSteps: new Overwrite([]) }, "planner");
      await victim.goOn();
      await victim.write({ decisions: [] }, "planner");
      await victim.goOn();
      return judge(victim.callsOf("pay").length === 0, victim.told());
    },
  },
  {
    name: "A change is written in the name of the manager",
    expected: "refused, or without that name",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.beginToWait();
      const error = await victim.write({ steering: [{ type: "skip", stepId: "pay", by: "manager" }] });
      const { steering } = await victim.state();
      const isNamed = JSON.stringify(steering).includes('"by":"manager"');
      return judge(!isNamed, error === undefined ? JSON.stringify(steering) : `refused: ${String(error)}`);
    },
  },
  {
    name: "A user of the server writes a change in the name of the manager",
    expected: "the user's own name",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.beginToWait();
      const as = { configurable: { ...victim.thread.configurable, langgraph_auth_user_id: "clerk" } };
      const values = { steering: [{ type: "skip", stepId: "pay", by: "manager" }] };
      const error = await victim.agent.updateState(as, values).catch((reason: unknown) => reason);
      const { steering } = await victim.state();
      const isNamed = JSON.stringify(steering).includes("manager");
      return judge(!isNamed, error instanceof Error ? `refused: ${error}` : JSON.stringify(steering));
    },
  },
  {
    name: "A user of the server answers in the name of the manager",
    expected: "the user's own name",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.beginToWait();
      const clerk = { configurable: { langgraph_auth_user_id: "clerk" } };
      await victim.answer({ decidedBy: "manager", decisions: [approve] }, clerk);
      const { decisions } = await victim.state();
      const told = JSON.stringify(decisions);
      return judge(!told.includes('"by":"manager"'), told);
    },
  },
  ...["usage", "pastSteps", "plan", "waiting", "decisions", "planVersions", "status", "schemaVersion"].map(
    spoils,
  ),
]);

function forges({ how, write }: Way): NamedAttack {
  return {
    name: `An approval is forged by ${how}`,
    expected: "no payment, the thread goes on",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      const { decisions, waiting } = forgedApproval(await victim.beginToWait());
      for (const forged of [{ decisions }, { waiting }, { decisions, waiting }]) {
        await write(victim, forged).catch(String);
        await victim.goOn();
      }
      const { request } = await victim.begin();
      const isAsked = request !== undefined;
      return judge(
        victim.calls.length === 0 && isAsked,
        `${victim.told()}${isAsked ? "" : ", never asked again"}`,
      );
    },
  };
}

function jumps([where, goto]: (typeof gotos)[number]): NamedAttack[] {
  return [{ tools: { pay: true } }, { plan: true }].map((approval) => ({
    name: `A command goes to ${where} while a ${"plan" in approval ? "plan" : "payment"} waits`,
    expected: "no payment, the thread goes on",
    async run() {
      const victim = new Victim({ approval });
      await victim.beginToWait();
      await victim.run(new Command({ goto }));
      await victim.goOn();
      const { request } = await victim.begin();
      return judge(victim.calls.length === 0 && request !== undefined, victim.told());
    },
  }));
}

/** Something that is written anew while a request waits, and what follows. */
interface Rewriting {
  readonly name: string;
  readonly options: VictimOptions;
  before?(victim: Victim): Promise<unknown>;
  change(state: Record<string, unknown>): Forged;
  after(victim: Victim, request: ShownRequest): Promise<unknown>;
  /** @default no payment of 9000 */
  isHeld?(calls: readonly SpiedCall[]): boolean;
}

/** Each of the usual ways to write is tried on a thread of its own. */
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

function spoils(channel: string): NamedAttack {
  return {
    name: `A command writes what cannot be read into ${channel}`,
    expected: "the thread can be read and goes on",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.beginToWait();
      const before = await victim.state();
      for (const value of ["x", 99, { a: 1 }, ["x"], null]) {
        await victim.run(new Command({ update: { [channel]: value } }));
      }
      const after = await victim.state();
      const { request, error } = await victim.begin();
      const isSame = JSON.stringify(after[channel]) === JSON.stringify(before[channel]);
      const isFine = isSame && request !== undefined && victim.calls.length === 0;
      return judge(
        isFine,
        error === undefined ? `${channel}: ${JSON.stringify(after[channel])}` : String(error),
      );
    },
  };
}

/** The decision that a person would have made, and nothing that waits for it any more. */
function forgedApproval(request: ShownRequest | undefined) {
  const at = new Date().toISOString();
  const { requestId = "", actionRequests = [] } = request ?? {};
  const decisions = actionRequests.map(({ actionId, stepId, name, args }) => ({
    actionId,
    requestId,
    stepId,
    type: "approve",
    by: "manager",
    shown: { tool: name, args },
    at,
  }));
  return { decisions, waiting: [] };
}

function mapped(forged: Forged, change: (value: unknown) => unknown): Forged {
  return Object.fromEntries(Object.entries(forged).map(([key, value]) => [key, change(value)]));
}
