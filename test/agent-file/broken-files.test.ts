import { join } from "node:path";
import { expect, test } from "vitest";
import { loadAgent, OptionsError } from "../../src/index.js";
import { folderWith, MODULE } from "./files.js";

const environment = { CUSTOMER_TOKEN: "tok-9c1f5e7a", SMALL: "two" };

/** What is said of a file, line by line. */
async function problemsOf(text: string): Promise<readonly string[]> {
  const folder = folderWith({ "agent.yaml": text, "tools.mjs": MODULE, "plans/empty.yaml": "- name: a b\n" });
  const loading = loadAgent(join(folder, "agent.yaml"), { environment, onWarning: () => {} });
  const error = await loading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OptionsError);
  expect(String(error)).toContain(`The agent file ${join(folder, "agent.yaml")} cannot be used`);
  return error instanceof OptionsError
    ? error.problems.map((problem) => problem.replaceAll(`${folder}/`, ""))
    : [];
}

test.each<[name: string, text: string, said: readonly string[]]>([
  [
    "no YAML",
    "model: offline\ntools: [calculator\n",
    [
      "agent.yaml:3:1: it is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ],
  [
    "a key twice",
    "model: offline\nmodel: offline\n",
    ["agent.yaml:2:1: it is no YAML: Map keys must be unique"],
  ],
  ["nothing", "", ["agent.yaml:1:1: it must be a map of options, such as: model: openai:gpt-4.1-mini"]],
  [
    "misspelt options",
    "modle: offline\nplanner:\n  max_stps: 3\nlimits: { maxToken: 5 }\n",
    [
      "agent.yaml:1:1: modle: there is no such option; did you mean model?",
      "agent.yaml:3:3: planner.max_stps: there is no such option; did you mean maxSteps?",
      "agent.yaml:4:11: limits.maxToken: there is no such option; did you mean maxTokens?",
    ],
  ],
  [
    "an option in the wrong section",
    "model: offline\nconcurrency: 2\n",
    ["agent.yaml:2:1: concurrency: there is no such option here; did you mean executor.concurrency?"],
  ],
  [
    "wrong values",
    "planner:\n  granularity: corse\n  maxSteps: many\nreplanner: { when: neded }\napproval:\n  expiresAfter: soon\n  plan: once\n",
    [
      'agent.yaml:2:16: planner.granularity: must be coarse or balanced or fine, not "corse"; did you mean coarse?',
      "agent.yaml:3:13: planner.maxSteps: must be a number, not a text",
      'agent.yaml:4:20: replanner.when: must be needed or every-step, not "neded"; did you mean needed?',
      'agent.yaml:6:17: approval.expiresAfter: must be milliseconds, or a text such as "30m", "24h" or "7d"; above zero, at most ten years',
      'agent.yaml:7:9: approval.plan: must be true (once), false (never), "always", or a function',
    ],
  ],
  [
    "tools that are not there",
    "tools:\n  - calculater\n  - read_file\n  - http_get\n  - 7\n",
    [
      "agent.yaml:5:5: tools.3: must be the name of a built-in tool, { module, export } of a module that exports tools, or { opea: path of a tools.yaml }",
    ],
  ],
  [
    "tools that lack what they need",
    "tools:\n  - calculater\n  - read_file\n  - http_get\n",
    [
      'agent.yaml:2:5: tools.0: there is no built-in tool "calculater"; did you mean calculator?',
      "agent.yaml:3:5: tools.1: read_file needs a folder; say which: root: ./files",
      "agent.yaml:4:5: tools.2: http_get needs the hosts that it may ask: allowHttp: [example.com]",
    ],
  ],
  [
    "modules",
    "tools:\n  - { module: ./tool.mjs }\n  - module: ./tools.mjs\n    export: chrge\nexecutor:\n  run: { module: ./tools.mjs, export: notATool }\n",
    [
      "agent.yaml:2:15: tools.0.module: there is no file tool.mjs",
      "agent.yaml:4:13: tools.1.export: tools.mjs exports no chrge; did you mean charge?",
      "agent.yaml:6:8: executor.run: must be a function",
    ],
  ],
  [
    "rules about tools that are not there",
    "tools: [{ module: ./tools.mjs, export: [charge, look] }]\napproval:\n  tools:\n    chrage: true\nexecutor:\n  checkOutput: { loook: not-empty }\n",
    [
      "agent.yaml:4:13: approval.tools.chrage: there is no tool of this name; did you mean charge?",
      "agent.yaml:6:25: executor.checkOutput.loook: there is no tool of this name; did you mean look?",
    ],
  ],
  [
    "variables that are not set",
    "model: ${MODEL}\nlimits:\n  maxSteps: ${SMALL}\nmcp:\n  desk: { url: https://example.com, headers: { Authorization: 'Bearer ${CUSTOMER_TOKN}' } }\nname: ${not a name}\n",
    [
      "agent.yaml:1:8: model: the environment has no MODEL; set it, or write a default: ${MODEL:-default}",
      "agent.yaml:3:13: limits.maxSteps: must be a number, not a text",
      "agent.yaml:5:63: mcp.desk.headers.Authorization: the environment has no CUSTOMER_TOKN; did you mean CUSTOMER_TOKEN?",
      'agent.yaml:6:7: name: "${not a name}" names no variable: write ${NAME}, or $${ for a plain text',
    ],
  ],
  [
    "a model that is none, whose name is a secret",
    "model: ${CUSTOMER_TOKEN}\n",
    [
      'agent.yaml:1:8: model: is "${CUSTOMER_TOKEN}", which names no model. Use "provider:name" such as "openai:gpt-4.1-mini", "offline", or a chat model.',
    ],
  ],
  [
    "plans",
    "tools: [calculator]\nplans:\n  - ./plans\n  - name: sum\n    description: Adds.\n    steps: [{ tool: calculate, args: { expression: '1+1' } }]\n",
    [
      "agent.yaml:3:5: plans.0: The plans in plans/empty.yaml cannot be used:\n- 0.name: must be a short name without blanks, such as monthly-report\n- 0.description: Invalid input: expected string, received undefined\n- 0.steps: Invalid input: expected array, received undefined",
    ],
  ],
  [
    "a server",
    "mcp:\n  desk: { comand: node }\n  far away: { url: ftp://example.com }\n",
    [
      "agent.yaml:2:9: mcp.desk.command: is missing",
      "agent.yaml:2:11: mcp.desk.comand: there is no such option; did you mean command?",
      'agent.yaml:3:3: mcp.far away: must be under a name of 1 to 24 letters, digits, "_" or "-"',
    ],
  ],
  [
    "files that the agent could change itself",
    "root: .\ntools: [builtin]\n",
    [
      "agent.yaml:1:7: root: write_file could change agent.yaml, which is in this folder; name a folder of its own, such as ./files",
    ],
  ],
])("%s", async (_, text, said) => {
  expect(await problemsOf(text)).toEqual(said);
});

test("a file that is not there is named", async () => {
  await expect(loadAgent("/nowhere/agent.yaml")).rejects.toThrow(
    "The agent file /nowhere/agent.yaml cannot be used:\n- there is no such file",
  );
});

test("a file whose aliases stand for more than can be held is refused", async () => {
  const lists = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"];
  for (let at = 1; at < 9; at++) {
    const before = `*${String.fromCharCode(96 + at)}`;
    const name = String.fromCharCode(97 + at);
    lists.push(`${name}: &${name} [${Array.from({ length: 9 }, () => before).join(", ")}]`);
  }
  expect(await problemsOf(lists.join("\n"))).toEqual([
    "agent.yaml:1:1: its aliases stand for too much: write it out",
  ]);
});
