import { expect, test } from "vitest";
import { assertModelName, defaultModel, resolveModel } from "../../src/models/index.js";
import { scriptedByRole } from "../support/scripted-model.js";
import { setEnvironment } from "./openai-agent.js";

test("the environment names the model, else a key does, else there is the offline one", () => {
  expect(defaultModel({ PLAN_EXECUTE_MODEL: "a:b", OPENAI_API_KEY: "k" })).toBe("a:b");
  expect(defaultModel({ OPENAI_API_KEY: "k" })).toBe("openai:gpt-4.1-mini");
  expect(defaultModel({ OPENAI_API_KEY: "", PLAN_EXECUTE_MODEL: "" })).toBe("offline");
  expect(defaultModel({})).toBe("offline");
});

test("names that can mean a model are let through", () => {
  const models = { mine: scriptedByRole({}) };
  for (const name of ["offline", "mine", "openai:gpt-5", "google-genai:gemini", "ollama:llama3:8b"]) {
    expect(() => assertModelName(name, models, "model")).not.toThrow();
  }
});

test.each(["gpt-5", "Offline", "mine ", ":x", "openai:", "toString"])("“%s” names no model", (name) => {
  const check = () => assertModelName(name, { mine: scriptedByRole({}) }, "planner.model");
  expect(check).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
  expect(check).toThrow(`planner.model is "${name}"`);
  expect(check).toThrow("one of models (mine)");
});

test("an instance is itself, and goes by its own name", async () => {
  const model = scriptedByRole({});
  expect(await resolveModel(model, {})).toEqual({ model, name: "scripted" });
  expect((await resolveModel("mine", { mine: model })).model).toBe(model);
});

test("an instance that is named like another model goes before it", async () => {
  const model = scriptedByRole({});
  expect((await resolveModel("openai:x", { "openai:x": model })).model).toBe(model);
});

test("the offline planner is no model that could make a call's arguments", async () => {
  await expect(resolveModel("offline", {})).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
});

test("a package that is missing is named, with what to install", async () => {
  await expect(resolveModel("ollama:llama3", {})).rejects.toMatchObject({
    code: "MODEL_UNAVAILABLE",
    message: expect.stringMatching(
      /"ollama:llama3" cannot be made: .*npm install @langchain\/ollama.*\. Install/,
    ),
  });
});

test("a provider that nobody knows is refused with the name", async () => {
  await expect(resolveModel("nobody:x", {})).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
});

test("a model without its key is refused, or fails when it is called", async () => {
  setEnvironment({ OPENAI_API_KEY: undefined });
  const attempt = resolveModel("openai:gpt-5", {}).then(({ model }) => model.invoke("hi"));
  await expect(attempt).rejects.toThrow(/key|credentials/i);
});
