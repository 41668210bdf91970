import type { BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../src/agent/index.js";
import type { AgentEvent } from "../../src/events/index.js";
import { createJournal, type Journal } from "./deferred.js";
import { readSection } from "./read-section.js";
import { planCall, type ScriptByRole, type ScriptedModel, scriptedByRole } from "./scripted-model.js";

/** An agent whose planner gives one plan and whose replanner answers. The test sets everything else. */
export interface PlannedAgent {
  readonly agent: ReturnType<typeof createPlanExecuteAgent>;
  readonly model: ScriptedModel;
  readonly events: readonly AgentEvent[];
  eventsOf<Type extends AgentEvent["type"]>(type: Type): Extract<AgentEvent, { type: Type }>[];
}

/** Retries without any waiting time. */
export const noWait = { baseMs: 0, maxMs: 0 } as const;

/** Makes an agent that carries out these steps. */
export function plannedAgent(
  steps: readonly unknown[],
  options: Omit<PlanExecuteOptions, "model"> = {},
  script: ScriptByRole = {},
): PlannedAgent {
  const events: AgentEvent[] = [];
  const model = scriptedByRole({ planner: planCall(steps), replanner: "the answer", ...script });
  const { executor, planner, ...others } = options;
  const agent = createPlanExecuteAgent({
    model,
    onEvent: (event) => events.push(event),
    planner: { maxSteps: Math.max(12, steps.length), ...planner },
    executor: { retry: noWait, ...executor },
    ...others,
  });
  const eventsOf = <Type extends AgentEvent["type"]>(type: Type) =>
    events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type);
  return { agent, model, events, eventsOf };
}

/** A tool that returns any value it is given. */
export const echo = tool(({ value }) => value, {
  name: "echo",
  description: "gives back what it is given",
  schema: z.object({ value: z.any() }),
  metadata: { readOnly: true },
});

/** A tool that records its calls in a journal. */
export function journalTool(journal: Journal, name = "charge", metadata: Record<string, unknown> = {}) {
  return tool(
    ({ who }) => {
      journal.add(who);
      return `charged ${who}`;
    },
    { name, description: "charges a card", schema: z.object({ who: z.string() }), metadata },
  );
}

/** Makes an agent whose charges wait for a person, and the journal of what was charged. */
export function chargingAgent(
  steps: readonly unknown[],
  { journal = createJournal(), ...options }: Omit<PlanExecuteOptions, "model"> & { journal?: Journal } = {},
  script: ScriptByRole = {},
) {
  const planned = plannedAgent(
    steps,
    {
      tools: [journalTool(journal), echo],
      approval: { tools: { charge: true } },
      checkpointer: new MemorySaver(),
      replanner: { maxReplans: 0 },
      ...options,
    },
    script,
  );
  return { ...planned, journal };
}

/** The results of a run by the ids of their steps. */
export function byId<Result extends { readonly id: string }>(
  results: readonly Result[],
): Record<string, Result> {
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

/** The item of a for-each step, as its model sees it among the inputs. */
export function itemIn(messages: readonly BaseMessage[]): unknown {
  const lines = messages.flatMap(({ text }) => readSection("inputs", text)?.split("\n") ?? []);
  return lines.map((line) => JSON.parse(line)).find(({ id }) => id === "item")?.output;
}
