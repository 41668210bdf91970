// The call and what is learned from servers, against a server on loopback with LangChain's own class for OpenAI.
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  askHeld,
  type BareSchema,
  heldSchema,
  isLearnedFrom,
  noteUnheld,
} from "../../../src/models/index.js";
import { type ModelReply, type ModelRequest, startOpenAiServer } from "../../support/openai-server.js";

const schema: BareSchema = {
  type: "object",
  properties: { name: { type: "string", pattern: "^a" }, size: { type: "number" }, free: { type: "object" } },
  required: ["name"],
  additionalProperties: false,
};
const strict: BareSchema = {
  type: "object",
  properties: {
    name: { type: "string", pattern: "^a" },
    size: { anyOf: [{ type: "number" }, { type: "null" }] },
  },
  required: ["name", "size"],
  additionalProperties: false,
};
const plain: BareSchema = { ...strict, properties: { ...strict.properties, name: { type: "string" } } };

let names = 0;

/** A model that nobody has asked before, at a server that answers so. */
async function localModel(answer: (request: ModelRequest) => ModelReply) {
  const server = await startOpenAiServer(answer);
  onTestFinished(() => server.close());
  names += 1;
  const name = `local-${names}`;
  const configuration = { baseURL: server.environment.OPENAI_BASE_URL };
  const model = new ChatOpenAI({ model: name, apiKey: "none", maxRetries: 0, configuration });
  return { server, resolved: { model, name } };
}

/** What a server says of a schema with a feature that it does not take. */
const refusing =
  (isRefused: (form: string) => boolean) =>
  ({ response_format: form }: ModelRequest): ModelReply =>
    isRefused(JSON.stringify(form))
      ? { status: 400, text: "Invalid schema for response_format 'form': 'required' must name every key." }
      : { text: '{"name":"a"}' };

async function ask({ resolved }: Awaited<ReturnType<typeof localModel>>): Promise<string> {
  for (;;) {
    const form = heldSchema(resolved, schema);
    if (form === undefined) {
      return "not asked";
    }
    try {
      return (await askHeld(resolved.model, { name: "form", schema: form }, [], {})).text;
    } catch (error) {
      if (!isLearnedFrom(error, resolved)) {
        throw error;
      }
    }
  }
}

const schemasOf = (requests: readonly ModelRequest[]) =>
  requests.map(({ response_format: form }) =>
    Reflect.get(Object(Reflect.get(Object(form), "json_schema")), "schema"),
  );

describe("an answer that is held to a schema", () => {
  it("is asked for in OpenAI's form, strictly, and comes as text", async () => {
    const local = await localModel(() => ({ text: '{"name":"a"}' }));
    expect(await ask(local)).toBe('{"name":"a"}');
    expect(local.server.requests[0]?.response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "form", strict: true, schema },
    });
  });

  it("is asked for in the next form where a server refuses one, and in that from then on", async () => {
    const local = await localModel(refusing((form) => !form.includes("null")));
    await ask(local);
    await ask(local);
    expect(schemasOf(local.server.requests)).toEqual([schema, strict, strict]);
    const other = { model: local.resolved.model, name: "another" };
    expect(heldSchema(other, schema)).toEqual(schema);
  });

  it("has neither patterns nor bounds for a server that takes none", async () => {
    const local = await localModel(refusing((form) => form.includes("pattern")));
    await ask(local);
    expect(schemasOf(local.server.requests)).toEqual([schema, strict, plain]);
  });

  it("is not asked for any more where every form is refused, or none is heeded", async () => {
    const local = await localModel(refusing(() => true));
    expect(await ask(local)).toBe("not asked");
    expect(await ask(local)).toBe("not asked");
    expect(local.server.requests).toHaveLength(3);
    const deaf = await localModel(() => ({ text: "Hello!" }));
    noteUnheld(deaf.resolved);
    expect(await ask(deaf)).toBe("not asked");
  });

  it("learns nothing from other failures", async () => {
    for (const [status, text] of [
      [400, "This model's context length is 4096 tokens"],
      [401, "wrong key for this schema"],
      [429, "slow down, response_format"],
      [500, "out of memory"],
    ] as const) {
      const local = await localModel(() => ({ status, text }));
      await expect(ask(local)).rejects.toThrow(text);
      expect(local.server.requests).toHaveLength(1);
    }
  });

  it("begins with what OpenAI's own server takes", () => {
    const model = new ChatOpenAI({ model: "gpt-4.1", apiKey: "none" });
    const base = process.env.OPENAI_BASE_URL;
    expect(base).toBeUndefined();
    expect(heldSchema({ model, name: "gpt-4.1" }, schema)).toEqual(strict);
  });

  it("is not asked for if a form would have to leave out what must be there", async () => {
    const { resolved } = await localModel(() => ({ text: "{}" }));
    const open: BareSchema = { type: "object", properties: { free: { type: "object" } }, required: ["free"] };
    expect(heldSchema(resolved, open)).toEqual(open);
    isLearnedFrom(new Error("JSON Schema is not supported for model"), resolved);
    expect(heldSchema(resolved, open)).toBeUndefined();
  });
});
