// LangChain's chat models retry a failed call through their member `caller`: six times unless the person said
// otherwise, with waits that add up to a minute and more. A call option says how often, but not every kind of model
// heeds it, and the number itself is a protected member.
import { withMember } from "../../base/index.js";

/**
 * A view of a chat model whose `caller` tries once. The model itself stays as it is, and what its methods write is
 * written into it. Returns the model itself if it has no retries of its own.
 */
export function withoutOwnRetries<Model extends object>(model: Model): Model {
  const caller: unknown = Reflect.get(model, "caller");
  if (typeof caller !== "object" || caller === null || !(Number(Reflect.get(caller, "maxRetries")) > 0)) {
    return model;
  }
  return withMember(model, "caller", withMember(caller, "maxRetries", 0));
}
