// The limit on a model's output tokens. LangChain has no call option for it that every kind of model heeds: each package
// reads a field of its model, under a name of its own, and translates it to what the provider calls it.
import { withSetting } from "./with-setting.js";

/** The fields in which chat models keep the limit that their users set. */
const FIELDS = ["maxTokens", "maxOutputTokens", "maxCompletionTokens", "numPredict"] as const;
/** The names under which a person may have put a limit among the parameters that OpenAI's models send as they are. */
const SENT_NAMES = ["max_tokens", "max_completion_tokens", "max_output_tokens"] as const;

/** Returns the limit that a person set; null if there may be one, but not how much it is; undefined if there is none. */
export function ownOutputLimit(model: object): number | null | undefined {
  const sent = Object(Reflect.get(model, "modelKwargs"));
  const set = [
    ...FIELDS.map((field) => Reflect.get(model, field)),
    ...SENT_NAMES.map((name) => Reflect.get(sent, name)),
  ].filter((value) => value !== undefined && value !== null);
  const limit = set.find((value) => Number.isSafeInteger(value) && value > 0);
  // OpenAI's -1 and Ollama's -1 and -2 are settings too: no limit.
  return limit ?? (set.length > 0 ? null : undefined);
}

/** Whether a limit can be given to a model. */
export function takesOutputLimit(model: object): boolean {
  return FIELDS.some((field) => field in model);
}

/** A view of a chat model that sends this limit. The model itself stays as it is. */
export function withOutputLimit<Model extends object>(model: Model, maxOutputTokens: number): Model {
  const field = FIELDS.find((name) => name in model);
  return field === undefined ? model : withSetting(model, field, maxOutputTokens);
}
