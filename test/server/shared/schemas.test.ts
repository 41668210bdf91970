// The forms that Studio makes are these schemas: what a field is called, what it is for, what it may be, what must be
// there. Each graph of langgraph.json is looked at, by whatever name it has there.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { client } from "./server.js";

const manifest = z
  .object({ graphs: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL("../../../langgraph.json", import.meta.url), "utf8")));
const graphs = Object.keys(manifest.graphs);

/** The fields that a graph adds to the context. */
const ownFields: Readonly<Record<string, readonly string[]>> = {
  research: ["threshold"],
  data_pipeline: ["maxBadShare"],
  finance: ["maxPosition", "riskLimit"],
  security: ["minSeverity"],
  support: ["managerAboveCents"],
};
/** One tool of each graph. */
const tools: Readonly<Record<string, string>> = {
  plan_execute: "calculator",
  research: "search_documents",
  data_pipeline: "load",
  finance: "place_order",
  security: "apply_patch",
  support: "refund",
  agents: "calculator",
};

const fieldSchema = z.looseObject({
  title: z.string().optional(),
  examples: z.array(z.string()).optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  langgraph_type: z.string().optional(),
  get items() {
    return fieldSchema.optional();
  },
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
});
const formSchema = z.looseObject({
  properties: z.record(z.string(), fieldSchema),
  required: z.array(z.string()).optional(),
});
const formsSchema = z.object({
  input_schema: formSchema,
  output_schema: formSchema,
  state_schema: formSchema,
  context_schema: formSchema,
});
type Forms = z.infer<typeof formsSchema>;

async function formsOf(graphId: string): Promise<Forms> {
  const [assistant] = await client.assistants.search({ graphId });
  return formsSchema.parse(await client.assistants.getSchemas(assistant?.assistant_id ?? ""));
}

const statuses = ["planning", "executing", "waiting", "done", "incomplete", "failed", "refused", "cancelled"];
const stepStatuses = ["done", "failed", "blocked", "unexpected", "skipped", "rejected"];
/** A field of a type, described in words that hold these. */
const field = (type: string, words: RegExp, others: object = {}) => ({
  type,
  description: expect.stringMatching(words),
  ...others,
});
const oneOf = (...values: readonly string[]) => ({ enum: values });

describe.each(graphs)("the forms of %s", (graph) => {
  let forms: Forms;
  beforeAll(async () => {
    forms = await formsOf(graph);
  });

  it("take a goal in words, messages, or a saved plan, and need none of them", () => {
    expect(forms.input_schema.properties).toMatchObject({
      input: field("string", /goal/i),
      messages: field("array", /messages|conversation/i, { langgraph_type: "messages" }),
      plan: field("object", /saved plan/i),
    });
    expect(Object.keys(forms.input_schema.properties).sort()).toEqual([
      "chosenPlan",
      "input",
      "messages",
      "plan",
    ]);
    expect(forms.input_schema.required ?? []).toEqual([]);
  });

  it("show two or three goals to begin with, where a client finds them", () => {
    const { examples = [] } = forms.input_schema.properties.input ?? {};
    expect([2, 3]).toContain(examples.length);
  });

  it("have the graph's own fields in the context, a title on each field, and the names of the tools", () => {
    const { properties } = forms.context_schema;
    expect(Object.keys(properties)).toEqual(expect.arrayContaining([...(ownFields[graph] ?? [])]));
    const bare = Object.entries(properties).filter(([, { title }]) => !title);
    expect(bare.map(([name]) => name)).toEqual([]);
    for (const name of ["tools", "approveTools"]) {
      expect(properties[name]?.items?.enum).toContain(tools[graph]);
    }
  });

  it("give the answer, how it ended, and what was done", () => {
    expect(forms.output_schema.properties).toMatchObject({
      response: field("string", /answer/i),
      status: field("string", /./, oneOf(...statuses)),
      plan: field("array", /plan/i),
      pastSteps: field("array", /./),
      usage: field("object", /token|cost|usage/i),
    });
    const [step] = [forms.output_schema.properties.plan?.items];
    expect(step?.properties).toMatchObject({
      id: field("string", /id/i),
      description: field("string", /step/i),
      tool: field("string", /tool/i),
      dependsOn: field("array", /first/i),
    });
    expect(forms.output_schema.properties.pastSteps?.items?.properties?.status).toMatchObject(
      oneOf(...stepStatuses),
    );
  });

  it("show all of the state, each field with a word on it", () => {
    expect(forms.state_schema.properties).toMatchObject({
      messages: field("array", /./, { langgraph_type: "messages" }),
      turn: { description: expect.stringMatching(/turn/i) },
      plan: field("array", /plan/i),
      planVersions: field("array", /./),
      pastSteps: field("array", /./),
      request: { description: expect.stringMatching(/wait/i) },
      decisions: field("array", /./),
      steering: field("array", /./),
      status: field("string", /./, oneOf(...statuses)),
      outcome: { description: expect.stringMatching(/./) },
      replans: { type: expect.stringMatching(/integer|number/), description: expect.stringMatching(/./) },
      usage: field("object", /./),
    });
    const bare = Object.entries(forms.state_schema.properties).filter(([, { description }]) => !description);
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it("let an assistant choose models, limits, policies, approval and tools, and need none of it", () => {
    expect(forms.context_schema.properties).toMatchObject({
      model: field("string", /provider:name/),
      plannerModel: field("string", /provider:name/),
      executorModel: field("string", /provider:name/),
      strongModel: field("string", /provider:name/),
      replannerModel: field("string", /provider:name/),
      answerModel: field("string", /provider:name/),
      fallbackModels: field("array", /./),
      instructions: field("string", /./),
      granularity: field("string", /./, { ...oneOf("coarse", "balanced", "fine"), default: "balanced" }),
      maxSteps: field("integer", /./, { minimum: 1, default: expect.any(Number) }),
      concurrency: field("integer", /./, { minimum: 1 }),
      replanWhen: field("string", /./, { ...oneOf("needed", "every-step"), default: "needed" }),
      maxReplans: field("integer", /./, { minimum: 0, default: expect.any(Number) }),
      approvePlan: field("string", /person/, oneOf("never", "once", "always")),
      approveTools: field("array", /./),
      tools: field("array", /names of the tools/),
      maxModelCalls: field("integer", /./),
      maxTokens: field("integer", /./),
      maxCostUsd: field("number", /dollar/),
      maxTurnSteps: field("integer", /./),
      maxDurationMs: field("integer", /./),
      escalate: field("boolean", /./),
    });
    expect(forms.context_schema.required ?? []).toEqual([]);
    const bare = Object.entries(forms.context_schema.properties).filter(
      ([name, { description }]) => !description && !ownFields[graph]?.includes(name),
    );
    expect(bare.map(([name]) => name)).toEqual([]);
  });
});
