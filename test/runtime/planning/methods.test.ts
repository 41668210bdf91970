// Which method "auto" chooses, by what is known of a model, and how much its prompts say.
import { ChatOpenAI } from "@langchain/openai";
import { expect, it } from "vitest";
import { noteCallMethod, noteUnheld, type ResolvedModel } from "../../../src/models/index.js";
import { methodsFor, styleOf } from "../../../src/runtime/planning/asking/index.js";
import { ScriptedModel } from "../../support/scripted-model.js";

const openAi = (name: string, baseURL?: string): ResolvedModel => ({
  model: new ChatOpenAI({ model: name, apiKey: "none", configuration: { baseURL } }),
  name,
});
const auto = { method: "auto", prompt: "auto" } as const;
const methodsOf = (resolved: ResolvedModel) => methodsFor(resolved, auto, "planner");

it("a model that is known to call tools is offered one first, wherever it is", () => {
  expect(methodsOf(openAi("gpt-4.1"))).toEqual(["tool", "schema", "json", "text"]);
  expect(methodsOf(openAi("gpt-4.1", "http://127.0.0.1:8080/v1"))[0]).toBe("tool");
});

it("a model on a usual port of llama.cpp, Ollama or LM Studio is held to a schema first", () => {
  for (const port of [8080, 11_434, 1234]) {
    const local = openAi(`local-${port}`, `http://127.0.0.1:${port}/v1`);
    expect(methodsOf(local)).toEqual(["schema", "tool", "text"]);
    expect(styleOf(local, auto)).toBe("short");
  }
});

it("any other model is offered the tool first, until it writes its plan as text", () => {
  const unknown = openAi("unknown", "http://10.0.0.1:8000/v1");
  expect(methodsOf(unknown)).toEqual(["tool", "schema", "text"]);
  expect(styleOf(unknown, auto)).toBe("full");
  noteCallMethod(unknown, "schema");
  expect(methodsOf(unknown)).toEqual(["schema", "tool", "text"]);
  expect(methodsOf(openAi("unknown", "http://10.0.0.2:8000/v1"))[0]).toBe("tool");
});

it("where a server does not heed schemas there is none among the methods", () => {
  const deaf = openAi("deaf", "http://127.0.0.1:8080/v1");
  noteUnheld(deaf);
  expect(methodsOf(deaf)).toEqual(["tool", "text"]);
  expect(() => methodsFor(deaf, { method: "schema" }, "planner")).toThrow(/planner\.method to "auto"/);
});

it("a class that holds nothing to a schema has none among its methods either", () => {
  expect(methodsOf({ model: new ScriptedModel(() => ""), name: "scripted" })).toEqual(["tool", "text"]);
});

it("the prompt's length follows the method, unless it is set", () => {
  const model = openAi("gpt-4.1");
  expect(styleOf(model, auto, "schema")).toBe("short");
  expect(styleOf(model, auto, "tool")).toBe("full");
  expect(styleOf(model, { ...auto, prompt: "short" }, "tool")).toBe("short");
  expect(styleOf(model, { ...auto, prompt: "full" }, "schema")).toBe("full");
  const toolless = { model: new ScriptedModel(() => ""), name: "scripted" };
  expect(styleOf(toolless, { ...auto, method: "json" })).toBe("full");
});
