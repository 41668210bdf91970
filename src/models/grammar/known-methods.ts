// Whether a model calls tools as its server offers it, or only writes what looks like calls, is not known of models
// without a profile. What one of them does first is remembered while the process runs.
import type { ResolvedModel } from "../resolve-model.js";
import { keyOfModel } from "./known-servers.js";

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

/** Decides how a model is asked for calls. */
export function callMethodOf(resolved: ResolvedModel, wanted: CallMethod | "auto"): CallMethod {
  const { model } = resolved;
  // A wrapped model (`withConfig`) is a runnable without a profile.
  const toolCalling = model.profile?.toolCalling;
  if (wanted !== "auto" || toolCalling === true) {
    return wanted === "auto" ? "tool" : wanted;
  }
  const cannot = toolCalling === false || model.bindTools === undefined;
  return SEEN.get(keyOfModel(resolved)) ?? (cannot ? "schema" : "tool");
}
