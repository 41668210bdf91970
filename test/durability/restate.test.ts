// The code of docs/restate.md, with Restate's own server and two workers behind one address.
import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { readPages, typescriptBlocks } from "../docs/pages.js";
import { repositoryRoot } from "../repository/source-files.js";
import { freePort } from "../support/free-port.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";

const SERVER = "@restatedev/restate-server@1.7.12";
const folder = mkdtempSync(join(tmpdir(), "plan-execute-restate-"));
const journal = join(folder, "journal");
const children: ChildProcess[] = [];
let postgres: TestPostgres | undefined;
let balancer: Server | undefined;
let server: ChildProcess | undefined;
let url: string;
let ingress: string;
let workers: { readonly process: ChildProcess; readonly port: number }[];

beforeAll(async () => {
  const install = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", SERVER];
  const [database] = await Promise.all([startPostgres(), promisify(execFile)("npm", install)]);
  postgres = database;
  url = await database.createDatabase();
  writeFileSync(journal, "");
  const place = mkdtempSync(join(folder, "code-"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(place, "node_modules"));
  writeFileSync(join(place, "package.json"), '{ "type": "module" }');
  const [block] = readPages()
    .filter(({ path }) => path === "docs/restate.md")
    .flatMap(typescriptBlocks);
  const code = block?.code.replace(
    '"langgraph-plan-execute"',
    JSON.stringify(join(repositoryRoot, "src/index.ts")),
  );
  writeFileSync(join(place, "threads.ts"), code ?? "");
  workers = await Promise.all([
    startWorker(join(place, "threads.ts")),
    startWorker(join(place, "threads.ts")),
  ]);
  balancer = createServer((client) => void forward(client)).listen(0, "127.0.0.1");
  await once(balancer, "listening");
  ingress = await startRestate(portOf(balancer));
}, 180_000);

afterAll(async () => {
  balancer?.close();
  for (const child of children) {
    child.kill("SIGKILL");
  }
  if (server?.pid !== undefined) {
    process.kill(-server.pid, "SIGKILL");
  }
  await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
  await postgres?.stop();
  rmSync(folder, { recursive: true });
});

async function startWorker(threadsFile: string) {
  const port = await freePort();
  const program = fileURLToPath(new URL("./restate/serving-process.ts", import.meta.url));
  const process = fork(program, [threadsFile, url, `${port}`, journal], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  children.push(process);
  const [said] = await Promise.race([once(process, "message"), once(process, "exit")]);
  expect(said).toBe("serves");
  return { process, port };
}

/** Connects to the first worker that lives, as a load balancer does. */
async function forward(client: ReturnType<typeof connect>): Promise<void> {
  client.on("error", () => {});
  for (const { port } of workers) {
    const worker = connect(port, "127.0.0.1");
    const isThere = await once(worker, "connect").then(
      () => true,
      () => false,
    );
    if (isThere) {
      worker.on("error", () => {});
      worker.on("close", () => client.destroy());
      client.on("close", () => worker.destroy());
      client.pipe(worker).pipe(client);
      return;
    }
  }
  client.destroy();
}

/** Starts Restate's server, tells it of the workers, and returns the address at which it takes invocations. */
async function startRestate(workersPort: number): Promise<string> {
  const [node, admin, open] = [await freePort(), await freePort(), await freePort()];
  const config = join(folder, "restate.toml");
  writeFileSync(
    config,
    `bind-ip = "127.0.0.1"\nbind-port = ${node}\ndisable-telemetry = true\n[admin]\nbind-port = ${admin}\n[ingress]\nbind-port = ${open}\n`,
  );
  const program = join(folder, "node_modules", ".bin", "restate-server");
  server = spawn(program, ["--no-logo", "-c", config, "--base-dir", join(folder, "data")], {
    env: { ...process.env, RESTATE_LISTEN_MODE: "tcp", DO_NOT_TRACK: "1" },
    stdio: "ignore",
    // A group of its own: the program starts the server as a process of its own.
    detached: true,
  });
  await vi.waitFor(
    async () => expect(await isHealthy(`http://127.0.0.1:${admin}/health`)).toBe(true),
    60_000,
  );
  await post(`http://127.0.0.1:${admin}/deployments`, { uri: `http://127.0.0.1:${workersPort}` });
  return `http://127.0.0.1:${open}`;
}

const isHealthy = (address: string) =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );

async function post(address: string, body: unknown): Promise<unknown> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.ok, text).toBe(true);
  return JSON.parse(text);
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

const did = () =>
  readFileSync(journal, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [pid, ...what] = line.split(" ");
      return { pid: Number(pid), what: what.join(" ") };
    });

const standingSchema = z.object({
  status: z.string(),
  response: z.string(),
  request: z.looseObject({ requestId: z.string() }).nullable(),
});

test("a turn goes on with another worker within seconds, waits for a person, and is answered once", async () => {
  const turn = post(`${ingress}/thread/order-7/turn`, "publish it");
  await expect.poll(() => did().at(-1)?.what, { timeout: 30_000, interval: 10 }).toBe("begins long");
  const first = did().at(-1)?.pid ?? 0;
  process.kill(first, "SIGKILL");
  const killed = performance.now();
  await expect.poll(() => did().at(-1)?.pid, { timeout: 30_000, interval: 10 }).not.toBe(first);
  const tookMs = performance.now() - killed;
  expect(tookMs).toBeLessThan(5_000);

  const waiting = standingSchema.parse(await turn);
  expect(waiting.status).toBe("waiting");
  expect(did().map(({ what }) => what)).toEqual([
    "begins short",
    "ends short",
    "begins long",
    "begins long",
    "ends long",
  ]);

  const answer = { requestId: waiting.request?.requestId, decisions: [{ type: "approve" }] };
  const [one, two] = await Promise.all([
    post(`${ingress}/thread/order-7/answer`, answer),
    delay(50).then(() => post(`${ingress}/thread/order-7/answer`, answer)),
  ]);
  expect(standingSchema.parse(one)).toMatchObject({ status: "done", response: "last", request: null });
  expect(standingSchema.parse(two)).toMatchObject({ status: "done" });
  expect(did().filter(({ what }) => what === "publishes last")).toHaveLength(1);
});
