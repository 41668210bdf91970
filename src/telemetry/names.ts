// The names under which backends know what we tell. The GenAI conventions are in development and move, so they stand
// here alone. Langfuse reads its own name before OpenInference's and that before the conventions'; Phoenix needs
// OpenInference's, and draws a graph from `graph.node.*`, which knows one parent.

export const OPERATION = "gen_ai.operation.name";
export const AGENT_NAME = "gen_ai.agent.name";
export const CONVERSATION = "gen_ai.conversation.id";
export const PROVIDER = "gen_ai.provider.name";
export const REQUEST_MODEL = "gen_ai.request.model";
export const TOOL_NAME = "gen_ai.tool.name";
export const TOOL_CALL_ID = "gen_ai.tool.call.id";
export const INPUT_TOKENS = "gen_ai.usage.input_tokens";
export const OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
export const CACHED_TOKENS = "gen_ai.usage.cache_read.input_tokens";
export const REASONING_TOKENS = "gen_ai.usage.reasoning.output_tokens";
export const TOKEN_TYPE = "gen_ai.token.type";
export const ERROR_TYPE = "error.type";

export const LANGFUSE_TYPE = "langfuse.observation.type";
export const OPENINFERENCE_KIND = "openinference.span.kind";
export const SESSION = "session.id";
export const USER = "user.id";
export const NODE_ID = "graph.node.id";
export const NODE_NAME = "graph.node.name";
export const NODE_PARENT = "graph.node.parent_id";

export const TURN = "plan_execute.turn.id";
export const SEGMENT = "plan_execute.segment";
export const STEP = "plan_execute.step.id";
export const STEP_STATUS = "plan_execute.step.status";
export const STATUS = "plan_execute.status";
export const PLAN_VERSION = "plan_execute.plan.version";
export const ROLE = "plan_execute.role";
export const COST = "plan_execute.cost_usd";
export const ESTIMATED = "plan_execute.usage.estimated";

/** What a span is, as Langfuse and OpenInference call it. */
export const KINDS = {
  agent: { [LANGFUSE_TYPE]: "agent", [OPENINFERENCE_KIND]: "AGENT" },
  chain: { [LANGFUSE_TYPE]: "chain", [OPENINFERENCE_KIND]: "CHAIN" },
  tool: { [LANGFUSE_TYPE]: "tool", [OPENINFERENCE_KIND]: "TOOL" },
  model: { [LANGFUSE_TYPE]: "generation", [OPENINFERENCE_KIND]: "LLM" },
} as const;

/** The metrics: their names, units and descriptions. */
export const METRICS = {
  agentDuration: ["gen_ai.invoke_agent.duration", "s", "How long a run of the agent took."],
  modelDuration: ["gen_ai.client.operation.duration", "s", "How long a model call took."],
  toolDuration: ["gen_ai.execute_tool.duration", "s", "How long a tool call took."],
  tokens: ["gen_ai.client.token.usage", "{token}", "Tokens of a model call, in and out."],
  approvalWait: ["plan_execute.approval.wait", "s", "How long a request waited for a person."],
  toolCalls: ["plan_execute.tool.calls", "{call}", "Tool calls, each attempt counted once."],
  cost: ["plan_execute.cost", "{USD}", "Dollars for model calls whose price is known."],
  replans: ["plan_execute.replans", "{replan}", "Changes of a plan."],
} as const;

const PROVIDERS: Readonly<Record<string, string>> = {
  azure_openai: "azure.ai.openai",
  bedrock: "aws.bedrock",
  "google-genai": "gcp.gemini",
  "google-vertexai": "gcp.vertex_ai",
  mistralai: "mistral_ai",
  xai: "x_ai",
};

/** A model's attributes, from its name: "openai:gpt-5". Without a provider in the name, nobody knows it. */
export function modelAttributes(name: string): Record<string, string> {
  const [prefix = "", ...rest] = name.split(":");
  if (rest.length === 0) {
    return { [REQUEST_MODEL]: name };
  }
  return { [PROVIDER]: PROVIDERS[prefix] ?? prefix, [REQUEST_MODEL]: rest.join(":") };
}
