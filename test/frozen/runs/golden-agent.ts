import { MemorySaver } from "@langchain/langgraph";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "langgraph-plan-execute";
import { z } from "zod";
import { planCall, type ScriptByRole, scriptedByRole } from "../../support/scripted-model.js";
import { createNoting } from "../noting-tools.js";
import type { Recording } from "./recording.js";

/** What happens in calls of the tool `work`, by the name in the call. */
export type Happenings = Readonly<Record<string, () => unknown>>;

/** The tools of the golden runs. Each notes its calls. */
export function createTools({ note }: Pick<Recording, "note">, happens: Happenings = {}) {
  const noting = createNoting(note);
  const named = z.object({ name: z.string() });
  return [
    noting("work", named, ({ name }) => {
      const happening = happens[String(name)];
      return happening === undefined ? `${name} done` : happening();
    }),
    noting("look", named, ({ name }) => happens[String(name)]?.() ?? `saw ${name}`, { readOnly: true }),
    noting("list", z.object({}), () => ["x", "y"]),
    noting("charge", z.object({ who: z.string(), amount: z.number() }), ({ who, amount }) => {
      return `charged ${who} ${amount}`;
    }),
  ];
}

/** The input of every run. */
export const goal = { input: "go" };

/** Makes every call of `charge` wait for a person. */
export const charges = { approval: { tools: { charge: true } } } as const;

/** What a broken tool does. */
export const fail = (): never => {
  throw new TypeError("out of order");
};

/** A step that calls the tool `work`. */
export const work = (name: string, dependsOn: readonly string[] = []) => ({
  id: name,
  description: `work on ${name}`,
  tool: "work",
  args: { name },
  dependsOn,
});

/** A step that calls the tool `charge`, which a person can be asked about. */
export const charge = (id: string, who: string) => ({
  id,
  description: `charge ${who}`,
  tool: "charge",
  args: { who, amount: 1 },
  dependsOn: [],
});

export const list = { id: "list", description: "list them", tool: "list", args: {}, dependsOn: [] };

/** A step of each kind. */
export const everyKind = [
  list,
  work("a"),
  {
    id: "b",
    description: "work on what came of a",
    tool: "work",
    args: { name: "b after {{a}}" },
    dependsOn: ["a"],
  },
  { id: "called", description: "charge dan 4", tool: "charge", dependsOn: ["b"] },
  {
    id: "each",
    description: "work on each",
    tool: "work",
    args: { name: "{{item}}" },
    forEach: "{{list}}",
    dependsOn: ["list"],
  },
  { id: "agent", description: "work on a draft", dependsOn: ["each", "called"] },
  { id: "never", description: "not needed", tool: "work", args: { name: "never" }, if: "{{empty}}" },
];

/** The script of a run in which every role does what is expected of it. */
export const expectedScript: ScriptByRole = {
  call: [{ name: "charge", args: { who: "dan", amount: 4 } }],
  agent: (messages) => {
    const isDone = messages.some((message) => message.getType() === "tool");
    return isDone ? `told: ${messages.at(-1)?.text}` : [{ name: "work", args: { name: "draft" } }];
  },
  replanner: "the answer",
};

/** What a golden run's agent is made of besides its steps. */
export interface GoldenOptions extends Omit<PlanExecuteOptions, "tools"> {
  readonly script?: ScriptByRole;
  readonly happens?: Happenings;
}

/** An agent whose planner gives these steps. All its events and calls are recorded. */
export function goldenAgent(
  recording: Recording,
  steps: readonly unknown[],
  { script, happens, executor, ...options }: GoldenOptions = {},
) {
  return createPlanExecuteAgent({
    model: scriptedByRole({ planner: planCall(steps), ...expectedScript, ...script }),
    tools: createTools(recording, happens),
    checkpointer: new MemorySaver(),
    onEvent: recording.listen,
    executor: { retry: { baseMs: 0, maxMs: 0 }, ...executor },
    ...options,
  });
}
