import type { LangGraphRunnableConfig } from "@langchain/langgraph";

/**
 * The user as the server has authenticated them, where it has: LangGraph's server puts them into each run's
 * config. Without a server's authentication whoever starts a run can write these keys.
 */
export function decidedBy({ configurable = {} }: LangGraphRunnableConfig): string | undefined {
  const { langgraph_auth_user_id: id, langgraph_auth_user: user } = configurable;
  return toName(id) ?? toName(identityOf(user));
}

function identityOf(user: unknown): unknown {
  return typeof user === "object" && user !== null ? Reflect.get(user, "identity") : undefined;
}

function toName(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
