// The address of a model's server, which LangChain's packages keep in members of their own.
import { ChatOpenAI } from "@langchain/openai";
import { expect } from "vitest";
import { isLocalModelServer, serverOf } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/openai",
  breaks:
    "What one server takes of a schema is taken for what all servers do, and no local server is recognised as one.",
} as const;

const openAi = (baseURL?: string) =>
  new ChatOpenAI({ model: "local", apiKey: "none", configuration: { baseURL } });

checkTouch(touch, "a model tells its server's address, or is at OpenAI's", () => {
  expect(serverOf(openAi("http://127.0.0.1:8080/v1"))).toBe("http://127.0.0.1:8080/v1");
  expect(serverOf(openAi())).toBe("https://api.openai.com/v1");
  expect(serverOf({ baseUrl: "http://127.0.0.1:11434" })).toBe("http://127.0.0.1:11434");
  expect(serverOf({})).toBeUndefined();
});

checkTouch(touch, "servers of small models are known by their usual ports, and Ollama by its name", () => {
  expect(isLocalModelServer(openAi("http://127.0.0.1:8080/v1"))).toBe(true);
  expect(isLocalModelServer(openAi("http://localhost:1234/v1"))).toBe(true);
  expect(isLocalModelServer({ _llmType: () => "ollama" })).toBe(true);
  for (const other of [
    openAi(),
    openAi("http://127.0.0.1:8899/v1"),
    openAi("http://example.org:8080/v1"),
    {},
  ]) {
    expect(isLocalModelServer(other)).toBe(false);
  }
});
