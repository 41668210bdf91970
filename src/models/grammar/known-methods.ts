// Whether a model calls tools as its server offers it, or only writes what looks like calls, is not known of all models.
// It is decided here, for every role: by the model's profile, by what it did first in this process, or by the kind of its
// server.
import { isLocalModelServer } from "../../langgraph/index.js";
import type { ResolvedModel } from "../resolve-model.js";
import { holdsToSchemas } from "./held-answer.js";
import { keyOfModel, takesSchemas } from "./known-servers.js";

/** How a model makes calls: by its server's own tool calling, or by filling in a form (see asked-in-form.ts). */
export type CallMethod = "tool" | "schema";

/** What models were seen to do, by server and name. */
const SEEN = new Map<string, CallMethod>();

/** Notes how a model made its call, or how it is to be asked because it failed to make one. The first note holds. */
export function noteCallMethod(resolved: ResolvedModel, method: CallMethod): void {
  const key = keyOfModel(resolved);
  if (!SEEN.has(key)) {
    SEEN.set(key, method);
  }
}

/** Whether a model is better held to a schema than offered tools, as far as anybody knows. */
export function prefersSchema(resolved: ResolvedModel): boolean {
  const { model } = resolved;
  // A wrapped model (`withConfig`) is a runnable without a profile.
  const toolCalling = model.profile?.toolCalling;
  if (toolCalling !== undefined) {
    return !toolCalling;
  }
  const seen = SEEN.get(keyOfModel(resolved));
  return seen === undefined ? model.bindTools === undefined || isLocalModelServer(model) : seen === "schema";
}

/** Decides how a model is asked for calls. */
export function callMethodOf(resolved: ResolvedModel, wanted: CallMethod | "auto"): CallMethod {
  if (wanted !== "auto") {
    return wanted;
  }
  const canFill = holdsToSchemas(resolved.model) && takesSchemas(resolved);
  return canFill && prefersSchema(resolved) ? "schema" : "tool";
}
