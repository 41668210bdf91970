// Measures a small executor: five steps of each kind, each in a plan that is right as it stands. Prints how many came
// out right, and their model calls, tokens and seconds, for each way of asking the executor's model.
//
//   npm run small-steps -- --base-url http://127.0.0.1:8080/v1 --model qwen2.5-coder-1.5b [--method tool|schema]… [--kind words]… [--half kept]
//                          [--transcripts folder]
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ChatOpenAI } from "@langchain/openai";
import { createPlanExecuteAgent } from "../src/agent/index.js";
import { toColumns } from "./columns.js";
import { CASES, type Case, KINDS, type Outputs } from "./small-steps/cases.js";
import { createWorld } from "./small-steps/world.js";

const { values } = parseArgs({
  options: {
    "base-url": { type: "string", default: "http://127.0.0.1:8080/v1" },
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    method: { type: "string", multiple: true, default: ["tool", "schema"] },
    kind: { type: "string", multiple: true, default: [...KINDS] },
    half: { type: "string", multiple: true, default: ["tuned", "kept"] },
    transcripts: { type: "string" },
  },
});

/** What one step took, and whether it came out right. */
interface Measured {
  readonly one: Case;
  readonly isRight: boolean;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly seconds: number;
}

async function measure(one: Case, method: "tool" | "schema"): Promise<Measured> {
  const world = createWorld();
  const note = createNotes(`${method}-${one.kind}-${one.name}`);
  const model = new ChatOpenAI({
    model: values.model,
    temperature: 0,
    apiKey: "none",
    configuration: {
      baseURL: values["base-url"],
      fetch: async (url, request) => {
        note("request", JSON.parse(String(request?.body)));
        return fetch(url, request);
      },
    },
  });
  const last = String(one.steps.length);
  const agent = createPlanExecuteAgent({
    tools: world.tools,
    planner: { plan: () => ({ steps: one.steps, answer: last }) },
    executor: { model, method },
    replanner: { maxReplans: 0, replan: () => "" },
    answer: { write: () => "" },
    modelTimeoutMs: 600_000,
    onEvent: (event) => note(event.type, event),
  });
  const started = performance.now();
  try {
    const { pastSteps, usage } = await agent.invoke({ input: one.goal });
    const seconds = (performance.now() - started) / 1_000;
    const outputs: Outputs = Object.fromEntries(pastSteps.map((result) => [result.id, result]));
    const isRight = one.isRight(outputs, world);
    note("end", { isRight, outputs, mails: world.mails, charges: world.charges });
    const { calls, inputTokens, outputTokens } = usage;
    return { one, isRight, calls, inputTokens, outputTokens, seconds };
  } finally {
    world.close();
  }
}

/** Writes down what happens in a run, if somebody wants to read it. */
function createNotes(name: string): (what: string, value: unknown) => void {
  const folder = values.transcripts;
  if (folder === undefined) {
    return () => {};
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replaceAll(/[^\w-]+/g, "-")}.jsonl`);
  return (what, value) => appendFileSync(path, `${JSON.stringify({ what, value })}\n`);
}

const sum = (measured: readonly Measured[], of: (one: Measured) => number) =>
  measured.reduce((total, one) => total + of(one), 0);

function toLine(name: string, measured: readonly Measured[]): string[] {
  const right = measured.filter(({ isRight }) => isRight).length;
  return [
    name,
    `${right} of ${measured.length}`,
    String(sum(measured, ({ calls }) => calls)),
    String(sum(measured, ({ inputTokens }) => inputTokens)),
    String(sum(measured, ({ outputTokens }) => outputTokens)),
    sum(measured, ({ seconds }) => seconds).toFixed(0),
  ];
}

const chosen = CASES.filter(({ kind, half }) => values.kind.includes(kind) && values.half.includes(half));
for (const method of (["tool", "schema"] as const).filter((one) => values.method.includes(one))) {
  const measured: Measured[] = [];
  for (const one of chosen) {
    const result = await measure(one, method);
    measured.push(result);
    const verdict = toLine(`${method}, ${one.kind} (${one.half}), ${one.name}:`, [result]);
    process.stderr.write(`${verdict.join("  ")}\n`);
  }
  const kinds = KINDS.filter((kind) => values.kind.includes(kind));
  const lines = [
    ["kind", "right", "calls", "tokens in", "tokens out", "seconds"],
    ...kinds.map((kind) =>
      toLine(
        kind,
        measured.filter(({ one }) => one.kind === kind),
      ),
    ),
    toLine("all", measured),
  ];
  console.log(`\n${values.model}, ${method}\n${toColumns(lines, 1)}`);
}
