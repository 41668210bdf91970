/** Versions that work together. A test compares them with those that this repository is tested with. */
export const PROJECT_VERSIONS = {
  dependencies: {
    "@langchain/core": "1.4.0",
    "@langchain/langgraph": "1.7.3",
    "@langchain/openai": "1.5.8",
    langchain: "1.5.14",
    zod: "4.6.7",
  },
  devDependencies: {
    "@langchain/langgraph-api": "1.5.1",
    "@langchain/langgraph-cli": "1.5.1",
    "@types/node": "20.19.0",
    tsx: "4.23.15",
    typescript: "5.9.3",
  },
} as const;

/** The files of a new project, by their paths. */
export function projectFiles(name: string, version: string): Readonly<Record<string, string>> {
  return {
    "package.json": toJson({
      name,
      private: true,
      type: "module",
      engines: { node: ">=20.19" },
      scripts: {
        dev: "langgraphjs dev",
        start: "tsx node_modules/langgraph-plan-execute/dist/cli/main.js --graph src/agent.ts",
        types: "tsc",
      },
      dependencies: { ...PROJECT_VERSIONS.dependencies, "langgraph-plan-execute": `^${version}` },
      devDependencies: PROJECT_VERSIONS.devDependencies,
      allowScripts: { esbuild: true },
    }),
    "langgraph.json": toJson({ node_version: "20", graphs: { agent: "./src/agent.ts:agent" }, env: ".env" }),
    "tsconfig.json": toJson({
      compilerOptions: {
        target: "es2022",
        module: "nodenext",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"],
      },
      include: ["src"],
    }),
    "src/agent.ts": AGENT,
    ".env.example": ENVIRONMENT,
    ".gitignore": "node_modules\n.env\n.langgraph_api\n.plan-execute\nfiles\n",
    "README.md": toReadme(name),
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const AGENT = `// Your agent. \`npm run dev\` opens it in LangGraph Studio, \`npm start -- "<goal>"\` runs it in a terminal.
import { existsSync } from "node:fs";
import { tool } from "@langchain/core/tools";
import {
  createBuiltinTools,
  createPlanExecuteAgent,
  type PlanExecuteAgent,
  type PlanExecuteOptions,
} from "langgraph-plan-execute";
import { z } from "zod";

// Keys and the model's name are in .env. Without one the "offline" model plans by rule: enough to look around.
if (existsSync(".env")) {
  process.loadEnvFile(".env");
}

// A tool of your own: the planner reads its name, its description and its schema.
const deliveryDays = tool(({ city }) => ({ city, days: city.length % 5 }), {
  name: "delivery_days",
  description: "Tells how many days a delivery to a city takes.",
  schema: z.object({ city: z.string().describe("The city, such as Paris.") }),
  // A tool that changes nothing runs beside others, and before the plan is complete.
  metadata: { readOnly: true },
});

/** Makes the agent. The command line calls this with what its flags say, Studio gets the agent below. */
export function createGraph(options: PlanExecuteOptions = {}): PlanExecuteAgent {
  return createPlanExecuteAgent({
    // Arithmetic, dates, text, CSV and JSON, and the files in this one folder.
    tools: [deliveryDays, ...createBuiltinTools({ root: "files" })],
    // Calls that wait until you have approved them. Flags come last, so they go before what stands here.
    approval: { tools: { write_file: true } },
    // What one question may use at most.
    limits: { maxModelCalls: 30 },
    ...options,
  });
}

// Without a checkpointer: the server that opens it brings its own.
export const agent: PlanExecuteAgent = createGraph();
`;

const ENVIRONMENT = `# Copy this file to .env and fill in what you need. Without a key the model is "offline".
OPENAI_API_KEY=
# A compatible server instead of OpenAI's:
# OPENAI_BASE_URL=http://127.0.0.1:8080/v1
# Another model, as provider:name. Install its package too, such as @langchain/anthropic.
# PLAN_EXECUTE_MODEL=openai:gpt-4.1-mini
# Traces in LangSmith:
# LANGSMITH_TRACING=true
# LANGSMITH_API_KEY=
`;

function toReadme(name: string): string {
  return `# ${name}

An agent that plans, carries the plan out, and answers. It is in [src/agent.ts](src/agent.ts).

\`\`\`sh
npm install
npm start -- "Calculate 17*23 and 19*29, then add the two results"
npm run dev
\`\`\`

\`npm run dev\` opens LangGraph Studio in the browser, with the agent as a form and as a drawing. It works without a key.

For a real model copy \`.env.example\` to \`.env\` and set \`OPENAI_API_KEY\`. Then add tools of your own in \`src/agent.ts\`.

\`npm start -- --help\` lists the commands and flags. To go on with a thread in a later call, threads need a database:
\`npm install @langchain/langgraph-checkpoint-sqlite better-sqlite3\`.
`;
}
