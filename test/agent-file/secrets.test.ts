import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { loadAgent } from "../../src/index.js";
import { folderWith } from "./files.js";

const SECRET = "s3cr3t-value-77";
const environment = { DESK_TOKEN: SECRET, DB_PASSWORD: SECRET };

test.each([
  ["a model", "model: ${DESK_TOKEN}\n"],
  ["a limit", "limits: { maxSteps: '${DESK_TOKEN}' }\n"],
  ["a choice", "planner: { granularity: '${DESK_TOKEN}' }\n"],
  ["a tool", "tools: ['${DESK_TOKEN}']\n"],
  ["a folder of plans", "plans: ./${DESK_TOKEN}\n"],
  ["a module", "tools: [{ module: './${DESK_TOKEN}.mjs' }]\n"],
  ["a key, spelt out", `models: { m: { model: openai:x, apiKey: ${SECRET}, baseUrl: ${SECRET} } }\n`],
  ["a header", `mcp: { desk: { url: '${SECRET}', headers: { Authorization: Bearer ${SECRET} } } }\n`],
  ["a checkpointer", `checkpointer: oracle://me:${SECRET}@host/db\n`],
  ["a line that is no YAML", `models: { m: { apiKey: "${SECRET}" "${SECRET}" } }\n`],
  ["a key of OPEA's", "strategy: plan_execute\nllm_engine: '${DESK_TOKEN}'\nmodel: x\n"],
])("what is said of %s shows no secret", async (_, file) => {
  const folder = folderWith({ "agent.yaml": file });
  const warnings: string[] = [];
  const options = { environment, onWarning: (warning: string) => warnings.push(warning) };
  const error = await loadAgent(join(folder, "agent.yaml"), options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  expect(inspect(error, { depth: 9 })).not.toContain(SECRET);
  expect(warnings.join()).not.toContain(SECRET);
});
