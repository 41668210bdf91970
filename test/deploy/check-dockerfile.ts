// The image without a Docker engine: the steps of the Dockerfile that `langgraphjs dockerfile` writes are done by hand in
// a clean folder, and the server is started there with what the Dockerfile puts into the environment.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@langchain/langgraph-sdk";
import { repositoryRoot } from "../repository/source-files.js";
import { createImageFilter, readDockerfile } from "./dockerfile.js";

const GOAL = "Calculate 17*23 and 19*29, then add the two results";
const PORT = 2_998;
const START_SECONDS = 90;

class DeployProblem extends Error {}

const image = mkdtempSync(join(tmpdir(), "plan-execute-image-"));
let server: ChildProcess | undefined;
try {
  const dockerfile = join(image, "Dockerfile");
  run(
    "npx",
    ["--no-install", "langgraphjs", "dockerfile", "-c", "langgraph.json", dockerfile],
    repositoryRoot,
  );
  const steps = readDockerfile(readFileSync(dockerfile, "utf8"));
  const target = join(image, steps.target);
  cpSync(repositoryRoot, target, { recursive: true, filter: createImageFilter(repositoryRoot) });
  const project = join(image, steps.folder);
  for (const command of steps.commands) {
    run("bash", ["-c", command], project);
  }
  // Elsewhere than in the project, where no tsconfig.json says what its own name means.
  const elsewhere = join(image, "elsewhere");
  mkdirSync(elsewhere);
  server = spawn(process.execPath, ["--import", tsxOf(project), join(project, "test/deploy/serve.ts")], {
    cwd: elsewhere,
    env: { ...quiet(), ...steps.environment, PROJECT: project, PORT: String(PORT) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await use(`http://127.0.0.1:${PORT}`, Object.keys(JSON.parse(steps.environment.LANGSERVE_GRAPHS ?? "{}")));
} catch (cause) {
  console.error(cause instanceof DeployProblem ? cause.message : cause);
  process.exitCode = 1;
} finally {
  if (server !== undefined) {
    await end(server);
  }
  rmSync(image, { recursive: true, force: true });
}

/** Does with the server what somebody does who has just deployed it. */
async function use(apiUrl: string, graphs: readonly string[]): Promise<void> {
  const client = new Client({ apiUrl, callerOptions: { maxRetries: 0 } });
  await isUp(apiUrl);
  const found = (await client.assistants.search({ limit: 100 })).map(({ graph_id }) => graph_id);
  const missing = graphs.filter((graph) => !found.includes(graph));
  if (missing.length > 0) {
    throw new DeployProblem(`The server does not have ${missing.join(", ")}.`);
  }
  for (const { assistant_id, graph_id } of await client.assistants.search({ limit: 100 })) {
    const { input_schema } = await client.assistants.getSchemas(assistant_id);
    if (input_schema?.properties?.input === undefined) {
      throw new DeployProblem(`${graph_id} has no form.`);
    }
  }
  const { thread_id } = await client.threads.create();
  const values = JSON.stringify(
    await client.runs.wait(thread_id, "plan_execute", { input: { input: GOAL } }),
  );
  if (!values.includes('"response":"942')) {
    throw new DeployProblem(`The answer is not 942: ${values}`);
  }
  console.log(`the image's server has ${graphs.join(", ")}, and answers 942`);
}

async function isUp(apiUrl: string): Promise<void> {
  for (const deadline = Date.now() + START_SECONDS * 1_000; Date.now() < deadline; await delay(200)) {
    try {
      if ((await fetch(`${apiUrl}/info`)).ok) {
        return;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) {
        throw error;
      }
    }
  }
  throw new DeployProblem(`The server did not answer within ${START_SECONDS} s.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

function tsxOf(project: string): string {
  return join(project, "node_modules/tsx/dist/loader.mjs");
}

function quiet(): NodeJS.ProcessEnv {
  const {
    OPENAI_API_KEY: _key,
    PLAN_EXECUTE_MODEL: _model,
    PLAN_EXECUTE_USERS: _users,
    ...others
  } = process.env;
  return { ...others, LANGGRAPH_CLI_NO_ANALYTICS: "1" };
}

function run(program: string, words: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: "utf8", env: quiet() });
  if (status === 0) {
    return;
  }
  throw new DeployProblem(`${[program, ...words].join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
}
