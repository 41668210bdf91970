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

/** The ports on which llama.cpp, Ollama and LM Studio listen unless they are told otherwise. */
const LOCAL_SERVER = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):(?:8080|11434|1234)(?:\/|$)/;

/** Whether a chat model runs on a server of the kind that people run small models on. */
export function isLocalModelServer(model: object): boolean {
  const type: unknown = Reflect.get(model, "_llmType");
  const isOllama = typeof type === "function" && type.call(model) === "ollama";
  return isOllama || LOCAL_SERVER.test(serverOf(model) ?? "");
}
