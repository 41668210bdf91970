// A chat model with another value for one of its settings. LangChain has call options for few of them: each package reads
// the fields of its model.
import { isRecord, withMember } from "../../base/index.js";
import { isLocalModelServer } from "./server-of.js";

/** The models inside OpenAI's chat model, which make its requests. */
const INNER_MODELS = ["completions", "responses"] as const;

/** A view of a chat model with another value for a setting. The model itself stays as it is. */
export function withSetting<Model extends object>(model: Model, field: string, value: unknown): Model {
  const changed = withMember(model, field, value);
  const inner = changedParts(model, field, value);
  // With tools, OpenAI's chat model makes a copy of itself, from the fields that it was made from.
  const fields: unknown = Reflect.get(model, "fields");
  const parts = isRecord(fields)
    ? { ...inner, fields: { ...fields, [field]: value, ...changedParts(fields, field, value) } }
    : inner;
  return Object.entries(parts).reduce((view, [name, part]) => withMember(view, name, part), changed);
}

/** The models inside, which make the requests, each with the value. */
function changedParts(holder: object, field: string, value: unknown): Record<string, object> {
  return Object.fromEntries(
    INNER_MODELS.flatMap((name) => {
      const inner: unknown = Reflect.get(holder, name);
      return isRecord(inner) ? [[name, withMember(inner, field, value)]] : [];
    }),
  );
}

/** So varied that a second answer is hardly the first one again, and not so varied that it is nonsense. */
const VARIED = 0.7;

/**
 * A view of a chat model whose next answer is probably another one. A model without a temperature of its own keeps its
 * provider's, because some refuse to be given any; a server on this machine takes it.
 */
export function withVariety<Model extends object>(model: Model): Model {
  const own: unknown = Reflect.get(model, "temperature");
  const isSteady = typeof own === "number" ? own < VARIED : isLocalModelServer(model);
  return isSteady ? withSetting(model, "temperature", VARIED) : model;
}
