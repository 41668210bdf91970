import type { RunnableConfig } from "@langchain/core/runnables";
import { toNamespaceLabel } from "../../checkpoint/index.js";
import type { Requester } from "../../policy/index.js";

/**
 * For whom a run works: the user as the server has authenticated them, where it has, since LangGraph's server puts
 * them into each run's config. Tools find it by their own config. Without a server's authentication whoever starts a
 * run can write these keys.
 */
export function requesterOf({ configurable = {} }: RunnableConfig): Requester {
  const { langgraph_auth_user_id: id, langgraph_auth_user: given, thread_id: threadId } = configurable;
  const user = isRecord(given) ? given : undefined;
  const userId = user?.is_authenticated === false ? undefined : (toName(id) ?? toName(user?.identity));
  return { userId, user, threadId: toName(threadId) };
}

/**
 * Where a user's own entries stand in a store, so that one user's are not found among another's. Runs without an
 * authenticated user share one place.
 */
export function userNamespace(config: RunnableConfig, ...labels: readonly string[]): string[] {
  return ["plan-execute-users", toNamespaceLabel(requesterOf(config).userId ?? ""), ...labels];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function toName(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
