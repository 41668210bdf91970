// Point 10 on the server: a served graph sees the folder of its own user, and nothing of the server or of others.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { areaOf, assertSetUp, judge, type NamedAttack, onServer } from "../case.js";
import { ask, createThread, run, SECRET, stateOf } from "./client.js";
import type { RunningServer, Token } from "./running-server.js";

const ann = "token of ann";
const bob = "token of bob";
const files = [
  "langgraph.json",
  "package.json",
  ".langgraph_api/.langgraphjs_ops.json",
  ".langgraph_api/.langgraphjs_api.checkpointer.json",
  "graphs/general.ts",
  "../../../../../../etc/passwd",
  "/etc/passwd",
  ".env",
];

/** Files that the tools of a served graph are asked for. */
export const servedFileCases = areaOf(
  "served files",
  onServer([
    ...files.map(
      (path): NamedAttack => ({
        name: `A served graph reads ${path}`,
        expected: "nothing of it",
        async run({ server }) {
          const { outputs } = await carryOut(server, ann, [{ tool: "read_file", args: { path } }]);
          return judge(outputs === '""', outputs.slice(0, 80));
        },
      }),
    ),
    {
      name: "A served graph reads the server's own folder by its whole path",
      expected: "nothing of it",
      async run({ server }) {
        const path = join(server.folder, "langgraph.json");
        const { outputs } = await carryOut(server, ann, [{ tool: "read_file", args: { path } }]);
        return judge(outputs === '""', outputs.slice(0, 80));
      },
    },
    ...[
      "langgraph.json",
      "package.json",
      "tsconfig.json",
      "graphs/new.ts",
      ".langgraph_api/x.json",
      ".env",
    ].map(
      (path): NamedAttack => ({
        name: `A served graph writes ${path}`,
        expected: "the server's folder as it was",
        async run({ server }) {
          const before = contentOf(server, path);
          await carryOut(server, bob, [{ tool: "write_file", args: { path, content: "pwned" } }]);
          return judge(
            contentOf(server, path) === before,
            contentOf(server, path)?.slice(0, 40) ?? "not there",
          );
        },
      }),
    ),
    {
      name: "A new user's served graph lists its folder",
      expected: "empty",
      async run({ server }) {
        const { outputs } = await carryOut(server, "token of carol", [{ tool: "list_files", args: {} }]);
        return judge(
          !/langgraph\.json|package\.json|graphs|src|node_modules|\.langgraph_api/.test(outputs),
          outputs.slice(0, 100),
        );
      },
    },
    ...["diary.txt", "./diary.txt", "../ann/diary.txt", "../../ann/diary.txt", "ann/diary.txt"].map(
      (path): NamedAttack => ({
        name: `Bob's served graph reads Ann's file as ${path}`,
        expected: "nothing of it",
        async run({ server }) {
          const written = await carryOut(server, ann, [
            { tool: "write_file", args: { path: "diary.txt", content: `dear ${SECRET}` } },
          ]);
          assertSetUp(written.outputs.includes("bytes"), `Ann cannot write: ${written.outputs}`);
          const { outputs } = await carryOut(server, bob, [{ tool: "read_file", args: { path } }]);
          return judge(!outputs.includes(SECRET), outputs.slice(0, 80) || "nothing");
        },
      }),
    ),
    {
      name: "The server is still there after all of this",
      expected: "a run is done",
      async run({ server }) {
        const { outputs } = await carryOut(server, ann, [
          { tool: "calculator", args: { expression: "6*7" } },
        ]);
        return judge(outputs.includes("42"), outputs);
      },
    },
  ]),
);

/** Lets a user's graph carry out the user's own steps, by writing them into an existing plan. */
async function carryOut(server: RunningServer, token: Token, steps: readonly object[]) {
  const thread = await createThread(server, token);
  await run(server, token, thread, { input: { input: "Calculate 1+1" } });
  const plan = steps.map((step, index) => ({ id: `x${index}`, description: `Step ${index}`, ...step }));
  const body = { values: { steering: [{ type: "plan", steps: plan }] } };
  await ask(server, "POST", `/threads/${thread}/state`, { token, body });
  await run(server, token, thread, { input: null });
  const { values } = await stateOf(server, token, thread);
  const past: unknown[] = Array.isArray(values?.pastSteps) ? values.pastSteps : [];
  const own = past.filter((step) => String(Reflect.get(Object(step), "id")).startsWith("x"));
  assertSetUp(
    own.length === steps.length,
    `the steps were not carried out: ${JSON.stringify(past).slice(0, 200)}`,
  );
  return { outputs: own.map((step) => JSON.stringify(Reflect.get(Object(step), "output") ?? "")).join("\n") };
}
function contentOf({ folder }: RunningServer, path: string): string | undefined {
  try {
    return readFileSync(join(folder, path), "utf8");
  } catch {
    return undefined;
  }
}
