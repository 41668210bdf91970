// The files in docs/agent-file.md are loaded as they stand.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { loadAgent, OptionsError } from "../../src/index.js";
import { repositoryRoot } from "../repository/source-files.js";
import { folderWith } from "./files.js";

const page = readFileSync(join(repositoryRoot, "docs/agent-file.md"), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);

const TOOLS = `import { tool } from "@langchain/core/tools";
import { z } from "zod";
const schema = z.object({ order: z.string() });
export const find_order = tool(() => "", { name: "find_order", description: "", schema });
export const refund = tool(() => "", { name: "refund", description: "", schema });
export const isLarge = () => true;
export const find = () => "found";
`;
const files = {
  "tools.ts": TOOLS,
  "plans/empty.json": "[]",
  "tools.yaml": "find:\n  description: Finds.\n  callable_api: tools.ts:find\n",
  "AGENTS.md": "Be brief.",
};

test.each(blocks("yaml").map((text, index) => [index + 1, text] as const))(
  "example %i can be used",
  async (_, text) => {
    // A model of OpenAI's is made only with a key.
    vi.stubEnv("OPENAI_API_KEY", "none");
    onTestFinished(() => void vi.unstubAllEnvs());
    const folder = folderWith({ ...files, "agents/agent.yaml": text, ...prefixed("agents", files) });
    const agent = await loadAgent(join(folder, "agents/agent.yaml"), {
      environment: { TIME_TOKEN: "abcdef" },
      storage: false,
      onWarning: () => {},
    });
    await agent.close();
  },
);

function prefixed(folder: string, of: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(of).map(([path, text]) => [`${folder}/${path}`, text]));
}

test("the mistakes that are shown are told in these words", async () => {
  const [shown = ""] = blocks("text");
  const folder = folderWith({
    "agent.yaml": "modle: offline\nplanner:\n  granularity: corse\nlimits:\n  maxToken: 5\n",
    "tools.yaml": "tools:\n  - calculater\n",
  });
  const said = async (file: string) => {
    const error: unknown = await loadAgent(join(folder, file)).catch((thrown: unknown) => thrown);
    return error instanceof OptionsError
      ? error.problems.map((problem) => problem.replace(/^[^ ]* /, ""))
      : [];
  };
  for (const problem of [...(await said("agent.yaml")), ...(await said("tools.yaml"))]) {
    expect(shown).toContain(problem);
  }
});
