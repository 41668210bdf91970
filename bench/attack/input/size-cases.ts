// Points 16 and 18: a model may say as much as it likes and act as early as it likes, but neither gets past a limit.
import { z } from "zod";
import { planCall, type ScriptByRole } from "../../../test/support/scripted-model.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { payStep, Victim, type VictimOptions } from "../victim.js";

const MEGABYTES = 6_000_000;
/** Far more than any limit of ours, and far less than what comes. */
const MAX_STATE = 3_000_000;
const huge = "x".repeat(MEGABYTES);
const ask = { id: "ask", description: "Think about it" };

const floods: readonly (readonly [string, VictimOptions & { readonly script?: ScriptByRole }])[] = [
  ["The planner answers in six megabytes of text", { script: { planner: huge } }],
  ["The closing answer has six megabytes", { script: { replanner: huge } }],
  [
    "The replanner answers with six megabytes in a call",
    {
      steps: [{ ...ask, tool: "flaky", args: {} }],
      script: { replanner: [{ name: "respond", args: { text: huge, answer: huge, response: huge } }] },
    },
  ],
  ["An agent answers with six megabytes", { steps: [ask], script: { agent: huge } }],
  [
    "An agent says in six megabytes why it is blocked",
    {
      steps: [ask],
      script: { agent: [{ name: "blocked", args: { reason: huge } }] },
      replanner: { maxReplans: 0 },
    },
  ],
  [
    "An agent's call that waits has six megabytes",
    {
      steps: [ask],
      approval: { tools: { pay: true } },
      script: { agent: [{ name: "pay", args: { amount: 5, memo: huge } }] },
    },
  ],
  [
    "A model makes arguments of six megabytes",
    {
      steps: [{ id: "pay", description: "Pay", tool: "pay" }],
      script: { call: [{ name: "pay", args: { amount: 5, memo: huge } }] },
    },
  ],
  [
    "A model makes arguments of six megabytes, and they wait",
    {
      steps: [{ id: "pay", description: "Pay", tool: "pay" }],
      approval: { tools: { pay: true } },
      script: { call: [{ name: "pay", args: { amount: 5, memo: huge } }] },
    },
  ],
  ["A description in a plan has six megabytes", { steps: [{ ...payStep, description: huge }] }],
  ["An argument in a plan has six megabytes", { steps: [{ ...payStep, args: { amount: 5, memo: huge } }] }],
  ["An id in a plan has six megabytes", { steps: [{ ...payStep, id: huge }] }],
  ["An expectation in a plan has six megabytes", { steps: [{ ...payStep, expect: huge, pitfalls: huge }] }],
  ["The answer's words in a plan have six megabytes", { script: { planner: planCall([payStep], huge) } }],
  ["A name of a tool in a plan has six megabytes", { steps: [{ ...payStep, tool: huge }] }],
  [
    "A plan has 20,000 steps",
    {
      script: {
        planner: planCall(Array.from({ length: 20_000 }, (_, index) => ({ ...payStep, id: `p${index}` }))),
      },
    },
  ],
  ["A model fails with six megabytes of words", { script: { planner: new Error(huge) } }],
  [
    "The model of a step fails with six megabytes of words",
    { steps: [ask], script: { agent: new Error(huge) }, replanner: { maxReplans: 0 } },
  ],
  [
    "A tool fails with six megabytes of words",
    {
      steps: [{ ...payStep, tool: "shout", args: {} }],
      moreTools: (spied) => [
        spied.spy("shout", z.object({}), () => {
          throw new Error(huge);
        }),
      ],
      replanner: { maxReplans: 0 },
    },
  ],
  [
    "A tool gives six megabytes",
    {
      steps: [{ ...payStep, tool: "shout", args: {} }],
      moreTools: (spied) => [spied.spy("shout", z.object({}), () => huge)],
    },
  ],
  [
    "A tool gives 200 kB for each of a hundred items",
    {
      steps: [
        { id: "list", description: "List", tool: "list", args: {} },
        { id: "each", description: "Each", tool: "shout", args: {}, forEach: "{{list}}" },
      ],
      moreTools: (spied) => [
        spied.spy("list", z.object({}), () => Array.from({ length: 100 }, () => 1), true),
        spied.spy("shout", z.object({}), () => "x".repeat(200_000)),
      ],
    },
  ],
];

/** Steps that a plan begins before anybody has counted them. */
const early = Array.from({ length: 8 }, (_, index) => ({
  id: `l${index}`,
  description: "Look",
  tool: "look_up",
  args: { what: String(index) },
  dependsOn: [],
}));

/** Words without end, and steps without number. */
export const sizeCases = areaOf("sizes and limits", [
  ...floods.map(
    ([name, options]): NamedAttack => ({
      name,
      expected: `a state below ${MAX_STATE / 1_000_000} MB, the process lives`,
      deadlineMs: 20_000,
      async run() {
        const victim = new Victim(options);
        const { error } = await victim.begin();
        const bytes = JSON.stringify(await victim.state()).length;
        return judge(
          bytes < MAX_STATE,
          `${(bytes / 1_000_000).toFixed(1)} MB ${String(error ?? "").slice(0, 40)}`,
        );
      },
    }),
  ),
  {
    name: "What is said to a run has six megabytes",
    expected: "refused, or cut",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.beginToWait();
      const error = await victim.write({ steering: [{ type: "message", text: huge }] });
      const bytes = JSON.stringify(await victim.state()).length;
      return judge(bytes < MAX_STATE, `${bytes} bytes, ${String(error ?? "taken").slice(0, 60)}`);
    },
  },
  {
    name: "The words of a rejection have six megabytes",
    expected: "refused, or cut",
    async run() {
      const victim = new Victim({ approval: { tools: { pay: true } } });
      await victim.beginToWait();
      await victim.decide([{ type: "reject", message: huge }]);
      const bytes = JSON.stringify(await victim.state()).length;
      return judge(bytes < MAX_STATE && victim.calls.length === 0, `${bytes} bytes`);
    },
  },
  counts("limits.maxSteps is 1", { limits: { maxSteps: 1 }, steps: early }, 1),
  counts("limits.maxSteps is 3", { limits: { maxSteps: 3 }, steps: early }, 3),
  counts(
    "limits.maxSteps is 1, and steps run one at a time",
    { limits: { maxSteps: 1 }, steps: early, executor: { concurrency: 1 } },
    1,
  ),
  counts("maxTurnSteps of a context is 1", { steps: early }, 1, { context: { maxTurnSteps: 1 } }),
  counts(
    "limits.maxSteps is 2, and the plan is invalid again and again",
    {
      limits: { maxSteps: 2 },
      steps: [...early, { ...payStep, tool: "no_such_tool" }],
      replanner: { maxReplans: 0 },
      script: { agent: "done" },
    },
    2,
  ),
  counts(
    "limits.maxSteps is 4, and each remainder begins early too",
    {
      limits: { maxSteps: 4 },
      steps: [early[0], { ...ask, tool: "flaky", args: {} }],
      script: {
        replanner: (_, __, call) =>
          planCall([
            ...early.map((step) => ({
              ...step,
              id: `${step.id}-${call}`,
              args: { what: `${call} ${step.id}` },
            })),
            { ...ask, id: `f${call}`, tool: "flaky", args: { what: String(call) } },
          ]),
      },
    },
    4,
  ),
  counts(
    "limits.maxSteps is 3, and a step is done for each of eight items",
    {
      limits: { maxSteps: 3 },
      steps: [
        { ...early[0], id: "each", args: { what: "{{item}}" }, forEach: "{{list}}", dependsOn: ["list"] },
        { id: "list", description: "List", tool: "list", args: {}, dependsOn: [] },
      ],
      moreTools: (spied) => [spied.spy("list", z.object({}), () => early.map(({ id }) => id), true)],
    },
    3,
  ),
]);

function counts(name: string, options: VictimOptions, most: number, begin: object = {}): NamedAttack {
  return {
    name: `Steps begin while the plan is written, and ${name}`,
    expected: `at most ${most} calls`,
    async run() {
      const victim = new Victim(options);
      const { error } = await victim.begin(begin);
      const count = victim.calls.length;
      return judge(count <= most && count > 0, `${count} calls ${String(error ?? "")}`);
    },
  };
}
