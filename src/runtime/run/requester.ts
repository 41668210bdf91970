import type { RunnableConfig } from "@langchain/core/runnables";
import { toNamespaceLabel } from "../../checkpoint/index.js";
import type { Requester } from "../../policy/index.js";

/**
 * Says for whom a run works. If the server authenticates users, this is the authenticated user, whom LangGraph's server
 * puts into each run's config. Tools find the user in their own config. If the server does not authenticate, whoever
 * starts a run can write these keys.
 */
export function requesterOf({ configurable = {} }: RunnableConfig): Requester {
  const { langgraph_auth_user_id: id, langgraph_auth_user: given, thread_id: threadId } = configurable;
  const user = isRecord(given) ? given : undefined;
  const userId = user?.is_authenticated === false ? undefined : (toName(id) ?? toName(user?.identity));
  return { userId, user, threadId: toName(threadId) };
}

/**
 * Says that a person approved the call that a tool is in, and who it was. Undefined if nobody was asked. Only the agent
 * writes this, so a tool that must never run unseen can rely on it.
 */
export function approvalOf({ configurable = {} }: RunnableConfig): { readonly by?: string } | undefined {
  const { approval } = configurable;
  return isRecord(approval) ? { by: toName(approval.by) } : undefined;
}

/**
 * The store namespace of a user's own entries, so that nobody finds one user's entries among another's. Runs without an
 * authenticated user share one namespace.
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
