// The address of a model's server. LangChain's packages keep it in members of their own.

/** The address of OpenAI's own server, for models that name no other. */
const OPENAI_SERVER = "https://api.openai.com/v1";

/** Returns the address of the server that a chat model calls; undefined if the model does not say. */
export function serverOf(model: object): string | undefined {
  const client: unknown = Reflect.get(model, "clientConfig");
  const named = [
    Reflect.get(Object(client), "baseURL"),
    Reflect.get(model, "baseUrl"),
    Reflect.get(model, "baseURL"),
  ].find((address) => typeof address === "string" && address !== "");
  if (named !== undefined || client === undefined) {
    return named;
  }
  // OpenAI's client reads this variable when it makes its first call.
  return process.env.OPENAI_BASE_URL || OPENAI_SERVER;
}
