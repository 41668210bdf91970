// Points 6 and 15: a context that does not say what it seems to say is an error, and never a missing gate.
import { PlanExecuteError } from "../../../src/index.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { Victim } from "../victim.js";

const misspelt: readonly (readonly [string, object])[] = [
  ["aproveTools", { aproveTools: ["pay"] }],
  ["approve_tools", { approve_tools: ["pay"] }],
  ["ApproveTools", { ApproveTools: ["pay"] }],
  ["approveTool", { approveTool: ["pay"] }],
  ["approveTools with a blank behind it", { "approveTools ": ["pay"] }],
  ["approveTools with a letter that only looks the same", { аpproveTools: ["pay"] }],
  ["approvalTools, beside a key that is right", { approvalTools: ["pay"], maxSteps: 3 }],
  ["approval, as the options have it", { approval: { tools: { pay: true } } }],
  ["approvePlans", { approvePlans: "always" }],
  ["approve_plan", { approve_plan: "once" }],
  ["approveTools in a list under it", { approveTools: { pay: true } }],
  ["approveTools as a word", { approveTools: "pay" }],
  ["a tool in other letters", { approveTools: ["Pay"] }],
  ["a tool with a blank", { approveTools: ["pay "] }],
  ["a plan to approve as true", { approvePlan: true }],
  ["a plan to approve in other letters", { approvePlan: "Once" }],
];

/** How a context reaches a run. */
const ways: readonly (readonly [string, (victim: Victim, context: unknown) => Promise<unknown>])[] = [
  [
    "withConfig",
    (victim, context) => victim.begin({}, victim.agent.withConfig({ context: Object(context) })),
  ],
  ["a batch", (victim, context) => victim.agent.batch([{ input: "Do it" }], { ...victim.thread, context })],
  [
    "a stream",
    async (victim, context) => {
      for await (const _ of await victim.agent.stream({ input: "Do it" }, { ...victim.thread, context })) {
      }
    },
  ],
  [
    "the stream of events",
    async (victim, context) => {
      const options = { ...victim.thread, context, version: "v2" };
      for await (const _ of victim.agent.streamEvents({ input: "Do it" }, options)) {
      }
    },
  ],
];

const shapeless: readonly (readonly [string, unknown])[] = [
  ["a text", "approveTools"],
  ["a list", [{ approveTools: ["pay"] }]],
  ["a number", 5],
  ["true", true],
  ["a map", new Map([["approveTools", ["pay"]]])],
  ["a set", new Set(["approveTools"])],
  ["a function", () => ({ approveTools: ["pay"] })],
  ["null", null],
];

/** Contexts that mean a gate, and are not written as one. */
export const contextCases = areaOf("context", [
  ...misspelt.map(misses),
  ...ways.map(reaches),
  ...shapeless.map(breaks),
  {
    name: "A context has __proto__ as a key of its own",
    expected: "an error, or a run as without it",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      const context: unknown = JSON.parse('{"__proto__":{"approveTools":["pay"]},"constructor":{"a":1}}');
      const { request, error } = await victim.begin({ context });
      const isClean = Reflect.get({}, "approveTools") === undefined;
      const isFine = victim.calls.length === 0 && isClean && (request !== undefined || isOurs(error));
      return judge(isFine, `${victim.told()}, ${String(error)}`);
    },
  },
  {
    name: "A context is an object that inherits its gate",
    expected: "no payment",
    async run() {
      const victim = new Victim();
      const context: unknown = Object.create({ approveTools: ["pay"] });
      await victim.begin({ context });
      return judge(victim.calls.length === 0, victim.told());
    },
  },
  {
    name: "A context of one call takes the place of the one that the agent was given with withConfig",
    expected: "no payment",
    async run() {
      const victim = new Victim();
      const gated = victim.agent.withConfig({ context: { approveTools: ["pay"] } });
      const { request } = await victim.begin({ context: { maxSteps: 3 } }, gated);
      return judge(victim.calls.length === 0 && request !== undefined, victim.told());
    },
  },
  {
    name: "A context takes a tool's rule of the build away",
    expected: "no payment",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.begin({ context: { approveTools: [] } });
      await victim.begin({ context: { approvePlan: "never", approveTools: [] } });
      return judge(victim.calls.length === 0, victim.told());
    },
  },
  {
    name: "A context leaves out the tool that its own plan calls",
    expected: "no payment",
    async run() {
      const victim = new Victim();
      await victim.begin({ context: { tools: ["look_up"] } });
      return judge(victim.calls.length === 0, victim.told());
    },
  },
]);

function misses([what, context]: (typeof misspelt)[number]): NamedAttack {
  return {
    name: `A context says ${what}`,
    expected: "no payment, an error of ours",
    async run() {
      const victim = new Victim();
      const { request, error } = await victim.begin({ context });
      const isFine = victim.calls.length === 0 && (request !== undefined || isOurs(error));
      return judge(isFine, `${victim.told()}, ${String(error ?? "no error")}`);
    },
  };
}

function reaches([how, begin]: (typeof ways)[number]): NamedAttack {
  return {
    name: `A misspelt gate comes by ${how}`,
    expected: "no payment",
    async run() {
      const victim = new Victim();
      const error = await begin(victim, { aproveTools: ["pay"] }).catch((reason: unknown) => reason);
      return judge(
        victim.calls.length === 0,
        `${victim.told()}, ${error instanceof Error ? error : "no error"}`,
      );
    },
  };
}

function breaks([what, context]: (typeof shapeless)[number]): NamedAttack {
  return {
    name: `A context is ${what}`,
    expected: context === null ? "a run, or an error of ours" : "an error of ours",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      const { request, error } = await victim.begin({ context });
      const isFine = isOurs(error) || (context === null && request !== undefined);
      return judge(isFine && victim.calls.length === 0, `${String(error ?? "no error")}, ${victim.told()}`);
    },
  };
}

function isOurs(error: unknown): boolean {
  return error instanceof PlanExecuteError && error.code === "INVALID_OPTIONS";
}
