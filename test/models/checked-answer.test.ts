// Closing answers of small models: numbers that stand nowhere, and answers where steps have failed.
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { echo } from "../support/agent-run.js";
import type { ModelReply, ModelRequest } from "../support/openai-server.js";
import { held, schemaAgent, schemaOf } from "./schema-agent.js";

const say = (value: string) => ({ description: `say ${value}`, tool: "echo", args: { value } });
const json = (value: unknown): ModelReply => ({ text: JSON.stringify(value) });
const asksFor = (request: ModelRequest, field: string) =>
  JSON.stringify(schemaOf(request))?.includes(`"${field}"`);
const lastOf = ({ messages }: ModelRequest) => String(messages.at(-1)?.content);

/** Runs a plan of these steps. `answers` are the closing texts, and `formula` is what is filled in. */
async function close(answers: readonly string[], formula: string) {
  const left = [...answers];
  const { agent, server } = await schemaAgent((request) => {
    if (schemaOf(request) === undefined) {
      return { text: left.shift() ?? "" };
    }
    return asksFor(request, "formula")
      ? json({ formula })
      : held(say("founded in 1987"), say("opened in 2003"));
  });
  const { status, response } = await agent.invoke({ input: "How many years lie between?" });
  return { status, response, requests: server.requests };
}

describe("a closing answer of a small model", () => {
  it("is taken if its numbers stand in the outputs", async () => {
    const { status, response, requests } = await close(["1987 and 2003."], "");
    expect({ status, response, calls: requests.length }).toEqual({
      status: "done",
      response: "1987 and 2003.",
      calls: 2,
    });
  });

  it("has a number checked by the formula that the model writes", async () => {
    const { status, response, requests } = await close(["It took 16 years."], "2003 - 1987");
    expect({ status, response, calls: requests.length }).toEqual({
      status: "done",
      response: "It took 16 years.",
      calls: 3,
    });
  });

  it("is written again with what was worked out, if the number was wrong", async () => {
    const { status, response, requests } = await close(
      ["It took 14 years.", "It took 16 years."],
      "2003 - 1987",
    );
    expect({ status, response }).toEqual({ status: "done", response: "It took 16 years." });
    expect(lastOf(requests.at(-1) ?? { model: "", stream: false, messages: [] })).toContain(
      "- worked out: 2003 - 1987 = 16",
    );
  });

  it.each([
    ["a formula with numbers that stand nowhere", "20 - 6"],
    ["a formula that is none", "unknown"],
    ["a formula that gives something else, which it does not heed", "2003 + 1987"],
  ])("is not said to be done after %s", async (_, formula) => {
    const { status, response } = await close(["It took 14 years.", "It took 14 years."], formula);
    expect({ status, response }).toEqual({ status: "incomplete", response: "It took 14 years." });
  });
});

const broken = (readOnly: boolean) =>
  tool(
    () => {
      throw new Error("out of order");
    },
    { name: "broken", description: "Fails", schema: z.object({ value: z.string() }), metadata: { readOnly } },
  );

/** A run whose second step always fails, with what the model then says of the facts. */
async function fail(
  judged: unknown,
  readOnly = true,
  { formula, ...options }: PlanExecuteOptions & { readonly formula?: string } = {},
) {
  const { agent, server } = await schemaAgent(
    (request) =>
      asksFor(request, "isAnswered") || asksFor(request, "formula")
        ? json(asksFor(request, "formula") ? { formula } : judged)
        : held(say("the mill has 85 workers"), { description: "ask", tool: "broken", args: { value: "x" } }),
    { tools: [echo, broken(readOnly)], replanner: { maxReplans: 0 }, ...options },
  );
  const { status, response, outcome } = await agent.invoke({ input: "How many workers has the mill?" });
  return { status, response, reason: outcome?.reason, requests: server.requests };
}

describe("where steps have failed and no other plan comes", () => {
  const answer = { known: "85 workers", isAnswered: true, answer: "It has 85 workers." };

  it("a small model may answer from what there is", async () => {
    const { status, response, reason } = await fail(answer);
    expect({ status, response }).toEqual({ status: "done", response: "It has 85 workers." });
    expect(reason).toMatch(/^Answered all the same: step 2 ended failed/);
  });

  it.each([
    ["the model says that it is not answered", { ...answer, isAnswered: false }, true],
    ["a number stands nowhere", { ...answer, answer: "It has 99 workers." }, true],
    ["what failed may do more than read", answer, false],
  ])("the run ends incomplete if %s", async (_, judged, readOnly) => {
    const { status, response } = await fail(judged, readOnly);
    expect(status).toBe("incomplete");
    expect(response).toContain("the mill has 85 workers");
  });

  it("its number may be worked out from what there is", async () => {
    const { status, response } = await fail({ ...answer, answer: "It has 170 hands." }, true, {
      formula: "85 + 85",
    });
    expect({ status, response }).toEqual({ status: "done", response: "It has 170 hands." });
  });

  it("it may do so before it plans anew, from what succeeded alone", async () => {
    const { status, requests } = await fail(answer, true, { replanner: {} });
    expect(status).toBe("done");
    expect(requests.filter((request) => asksFor(request, "steps"))).toHaveLength(1);
    const judging = requests.find((request) => asksFor(request, "isAnswered"));
    expect(JSON.stringify(judging?.messages)).toContain("the mill has 85 workers");
    expect(JSON.stringify(judging?.messages)).not.toContain("failed (broken");
  });

  it("it is asked that once before it plans anew, and not again if no plan comes", async () => {
    const { status, requests } = await fail({ ...answer, isAnswered: false }, true, { replanner: {} });
    expect(status).toBe("incomplete");
    expect(requests.filter((request) => asksFor(request, "isAnswered"))).toHaveLength(1);
  });

  it("a model with full prompts is not asked", async () => {
    const { status } = await fail(answer, true, { planner: { method: "schema", prompt: "full" } });
    expect(status).toBe("incomplete");
  });
});

describe("a goal that asks for deeds", () => {
  const post = tool(({ to }) => ({ sent: to }), {
    name: "post",
    description: "Sends",
    schema: z.object({ to: z.string() }),
  });
  const mail = { description: "write to Ann", tool: "post", args: { to: "ann" } };
  const steps = [say("4 degrees"), mail, { ...mail, description: "write to Bo", if: "{{1}} == 'snow'" }];
  const run = async (input: string, options: PlanExecuteOptions = {}) => {
    const { agent, server } = await schemaAgent(
      (request) => (schemaOf(request) === undefined ? { text: "No mail was sent." } : held(...steps)),
      { tools: [echo, post], ...options },
    );
    return { ...(await agent.invoke({ input })), calls: server.requests.length };
  };

  it("is told what was done by us and not by a small model", async () => {
    const { status, response, calls } = await run("Write to Ann, and to Bo if it snows.");
    expect({ status, response, calls }).toEqual({
      status: "done",
      response: [
        "- say 4 degrees: 4 degrees",
        '- write to Ann: done, {"sent":"ann"}',
        "- write to Bo: not done, because this does not hold: 4 degrees == 'snow'",
      ].join("\n"),
      calls: 1,
    });
  });

  it("is answered by the model if it has a question, or if the model is told all", async () => {
    expect((await run("Write to Ann. How cold is it?")).response).toBe("No mail was sent.");
    const full = await run("Write to Ann.", { planner: { method: "schema", prompt: "full" } });
    expect(full.response).toBe("No mail was sent.");
  });
});
