import type { AgentEvent } from "../events/index.js";
import {
  AGENT_NAME,
  CACHED_TOKENS,
  CONVERSATION,
  COST,
  ESTIMATED,
  INPUT_TOKENS,
  KINDS,
  modelAttributes,
  NODE_NAME,
  NODE_PARENT,
  OPERATION,
  OUTPUT_TOKENS,
  REASONING_TOKENS,
  ROLE,
  SEGMENT,
  SESSION,
  STEP,
  TOOL_CALL_ID,
  TOOL_NAME,
  TURN,
  USER,
} from "./names.js";
import type { Attributes } from "./open-telemetry.js";

type EventOf<Type extends AgentEvent["type"]> = Extract<AgentEvent, { type: Type }>;

/** The attributes of a run, from its first event. */
export function ofRun({ threadId, turnId, segment, userId }: AgentEvent): Attributes {
  return {
    ...KINDS.agent,
    [OPERATION]: "invoke_agent",
    [AGENT_NAME]: "plan-execute",
    [TURN]: turnId,
    [SEGMENT]: segment,
    ...(threadId === undefined ? {} : { [CONVERSATION]: threadId, [SESSION]: threadId }),
    ...(userId === undefined ? {} : { [USER]: userId }),
  };
}

/** The attributes of a step, from the event of its start. */
export function ofStep({ stepId, description, kind, dependsOn = [] }: EventOf<"step.started">): Attributes {
  return {
    ...(kind === "agent" ? { ...KINDS.agent, [OPERATION]: "invoke_agent", [AGENT_NAME]: stepId } : {}),
    [NODE_NAME]: description,
    ...(dependsOn[0] === undefined ? {} : { [NODE_PARENT]: dependsOn[0] }),
  };
}

export function ofTool({ stepId, tool, idempotencyKey }: EventOf<"tool.called">): Attributes {
  return {
    ...KINDS.tool,
    [OPERATION]: "execute_tool",
    [TOOL_NAME]: tool,
    [TOOL_CALL_ID]: idempotencyKey,
    [STEP]: stepId,
  };
}

export function ofChat({ role, model }: EventOf<"model.called">): Attributes {
  return { ...KINDS.model, [OPERATION]: "chat", [ROLE]: role, ...modelAttributes(model) };
}

/** The attributes of a model call's usage. Dollars are left out if they are not known. */
export function ofUsage({ usage }: EventOf<"model.returned">): Attributes {
  return {
    [INPUT_TOKENS]: usage.inputTokens,
    [OUTPUT_TOKENS]: usage.outputTokens,
    [CACHED_TOKENS]: usage.cachedInputTokens,
    [REASONING_TOKENS]: usage.reasoningTokens,
    [ESTIMATED]: usage.estimated,
    ...(usage.costUsd === null ? {} : { [COST]: usage.costUsd }),
  };
}
