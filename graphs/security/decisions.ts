import type { AgentEvent } from "langgraph-plan-execute";
import { z } from "zod";
import type { Trail } from "./trail.js";
import { benchFor, type SharedBench, trailOf } from "./workbench.js";

const decisionSchema = z.object({
  actionId: z.string(),
  requestId: z.string(),
  type: z.enum(["approve", "edit", "reject"]),
  by: z.string().optional(),
  at: z.string(),
  stepId: z.string().optional(),
  shown: z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
  tool: z.string().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
  message: z.string().optional(),
});

const stateSchema = z.object({ turn: z.object({ id: z.string() }), decisions: z.array(decisionSchema) });

type DecisionInState = z.infer<typeof decisionSchema>;

/**
 * Takes the decisions of people that an agent's state holds into the trail of a copy, each once. Every tool that works
 * on a copy begins with it, so that a rejection is in the trail as well, although a rejected tool never runs.
 */
export function recordDecisions(trail: Trail, turn: string, copy: string, agentState: unknown): void {
  const state = stateSchema.safeParse(agentState);
  if (!state.success) {
    return;
  }
  for (const decision of state.data.decisions) {
    if (state.data.turn.id === turn || decision.shown?.args.copy === copy) {
      record(trail, decision);
    }
  }
}

/** Takes decisions into the trail at the moment at which they are made, whatever becomes of the run. */
export function decisionListener(shared: SharedBench): (event: AgentEvent) => void {
  return (event) => {
    if (event.type !== "approval.decided") {
      return;
    }
    const { requestId, by, decisions } = event;
    const bench = benchFor(shared, event);
    for (const { decision, ...facts } of decisions) {
      const copy = facts.shown?.args.copy;
      if (typeof copy !== "string") {
        continue;
      }
      const trail = trailOf(bench, copy);
      if (trail.entries().length === 0) {
        continue;
      }
      const at = bench.now().toISOString();
      record(trail, decisionSchema.parse({ ...facts, type: decision, requestId, by, at }));
    }
  };
}

function record(trail: Trail, decision: DecisionInState): void {
  const { actionId, requestId, type, by, at, stepId, shown, tool, args, message } = decision;
  const instead = type === "edit" ? { instead: { tool, args } } : {};
  trail.record(`decided:${requestId}:${actionId}`, {
    kind: "decided",
    decision: type,
    ...(by === undefined ? {} : { by }),
    decidedAt: at,
    ...(stepId === undefined ? {} : { step: stepId }),
    ...(shown === undefined ? {} : { tool: shown.tool, shown }),
    ...instead,
    ...(message === undefined ? {} : { words: message }),
  });
}
