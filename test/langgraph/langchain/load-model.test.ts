import { ChatOpenAI } from "@langchain/openai";
import { initChatModel } from "langchain/chat_models/universal";
import { expect } from "vitest";
import { loadChatModel, modelBehind } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "langchain",
  breaks: 'No model can be given as "provider:name": each run ends with MODEL_UNAVAILABLE.',
} as const;

checkTouch(touch, "the model behind one that can be configured is the provider's own", async () => {
  const model = await loadChatModel("openai:gpt-5", { apiKey: "none" });
  expect(model).toBeInstanceOf(ChatOpenAI);
  expect(model).toMatchObject({ model: "gpt-5" });
});

checkTouch(touch, "a model that LangChain made of a name leads to the same", async () => {
  const configurable = await initChatModel("openai:gpt-5", { apiKey: "none" });
  const model = await modelBehind(configurable);
  expect(model).toBeInstanceOf(ChatOpenAI);
  expect(await modelBehind(model)).toBe(model);
});
