import type { AgentEvent } from "../events/index.js";
import { ERROR_TYPE, METRICS, modelAttributes, OPERATION, ROLE, TOKEN_TYPE, TOOL_NAME } from "./names.js";
import type { Attributes, Counter, Histogram, Meter } from "./open-telemetry.js";

/** Records what an event says in metrics. `agentEnded` is for what no event says: how long a run took. */
export interface Metering {
  record(event: AgentEvent): void;
  agentEnded(durationMs: number, attributes: Attributes): void;
}

/** Creates the metrics. */
export function createMetering(meter: Meter): Metering {
  const histogram = ([name, unit, description]: readonly [string, string, string]): Histogram =>
    meter.createHistogram(name, { unit, description });
  const counter = ([name, unit, description]: readonly [string, string, string]): Counter =>
    meter.createCounter(name, { unit, description });
  const durations = {
    agent: histogram(METRICS.agentDuration),
    model: histogram(METRICS.modelDuration),
    tool: histogram(METRICS.toolDuration),
    approval: histogram(METRICS.approvalWait),
  };
  const tokens = histogram(METRICS.tokens);
  const toolCalls = counter(METRICS.toolCalls);
  const cost = counter(METRICS.cost);
  const replans = counter(METRICS.replans);

  return {
    record(event) {
      switch (event.type) {
        case "model.returned": {
          const { model, role, durationMs, usage, error } = event;
          const about = { [OPERATION]: "chat", [ROLE]: role, ...modelAttributes(model) };
          durations.model.record(durationMs / 1_000, {
            ...about,
            ...(error === undefined ? {} : OTHER_ERROR),
          });
          // The conventions allow no estimates here.
          if (!usage.estimated) {
            tokens.record(usage.inputTokens, { ...about, [TOKEN_TYPE]: "input" });
            tokens.record(usage.outputTokens, { ...about, [TOKEN_TYPE]: "output" });
          }
          if (usage.costUsd !== null) {
            cost.add(usage.costUsd, about);
          }
          break;
        }
        case "tool.called":
          toolCalls.add(1, { [TOOL_NAME]: event.tool });
          break;
        case "tool.returned": {
          const failed = event.error === undefined ? {} : { [ERROR_TYPE]: event.error.code };
          durations.tool.record(event.durationMs / 1_000, {
            [OPERATION]: "execute_tool",
            [TOOL_NAME]: event.tool,
            ...failed,
          });
          break;
        }
        case "plan.generated":
          if (event.before !== undefined) {
            replans.add(1);
          }
          break;
        case "approval.decided":
          durations.approval.record((event.waitedMs ?? 0) / 1_000);
          break;
        default:
          break;
      }
    },
    agentEnded: (durationMs, attributes) => durations.agent.record(durationMs / 1_000, attributes),
  };
}

/** The conventions' word for an error whose class is not known. */
export const OTHER_ERROR = { [ERROR_TYPE]: "_OTHER" } as const;
