// Every route that the real server has, by its own table, is asked without a token, with an unknown one, as Studio, and
// with another user's token: nothing of Ann's is given, and nothing of hers is changed.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { userNamespace } from "../../src/index.js";
import { withDevServer } from "./with-dev-server.js";

const GRAPH = "plan_execute";
const NOBODY = "00000000-0000-4000-8000-000000000000";
const users = { "token of ann": { identity: "ann" }, "token of bob": { identity: "bob" } };
const ANN = { authorization: "Bearer token of ann" };
const BOB = { authorization: "Bearer token of bob" };
const strangers = {
  "without a token": {},
  "with a token that it does not know": { "x-api-key": "token of nobody" },
  "as LangGraph Studio": { "x-auth-scheme": "langsmith" },
};

const folder = mkdtempSync(join(tmpdir(), "plan-execute-routes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let url: string;
let ann: Client;
let bob: Client;
withDevServer(
  (_, server) => {
    url = server.url;
    const callerOptions = { maxRetries: 0 };
    ann = new Client({ apiUrl: url, apiKey: null, defaultHeaders: ANN, callerOptions });
    bob = new Client({ apiUrl: url, apiKey: null, defaultHeaders: BOB, callerOptions });
  },
  {
    PLAN_EXECUTE_USERS: JSON.stringify(users),
    NODE_OPTIONS: `--import ${new URL("write-routes.mjs", import.meta.url).href}`,
    ROUTES: join(folder, "routes.json"),
  },
);

/** What is attacked. All of it is Ann's, but for a thread of Bob's that he names beside a run of hers. */
interface Targets {
  readonly thread: string;
  readonly run: string;
  readonly checkpoint: string;
  readonly assistant: string;
  readonly bobsThread: string;
}

/** The one number that Ann asks about, the answer, and her note: none of it is in anything that is not hers. */
const secrets = ["60201", "421407", "a note of hers"];
const notes = [...userNamespace({ configurable: { langgraph_auth_user_id: "ann" } }), "notes"];
const approval = { resume: { decisions: [{ type: "approve" }] } };
const context = { approveTools: ["calculator"] };
const run = { assistant_id: GRAPH, input: { input: "Calculate 1+1" } };
const nothing = () => undefined;
const cron = ({ thread, assistant }: Targets) => ({
  assistant_id: assistant,
  schedule: "* * * * *",
  thread_id: thread,
});
/** A run of Bob's own that says it is Ann's. */
const runAsAnn = ({ thread, checkpoint }: Targets) => ({
  ...run,
  checkpoint: { checkpoint_id: checkpoint, checkpoint_ns: "" },
  config: {
    configurable: {
      thread_id: thread,
      user_id: "ann",
      langgraph_auth_user_id: "ann",
      langgraph_auth_user: { identity: "ann" },
    },
  },
});

/** The body with which each route does what it is for. A new route fails the test until somebody says how it is tried. */
const bodies: Readonly<Record<string, (targets: Targets) => unknown>> = {
  "GET /info": nothing,
  "GET /ok": nothing,
  "POST /internal/truncate": () => ({
    runs: true,
    threads: true,
    assistants: true,
    checkpointer: true,
    store: true,
  }),
  "POST /assistants": ({ assistant }) => ({
    graph_id: GRAPH,
    assistant_id: assistant,
    if_exists: "do_nothing",
    context: { maxSteps: 1 },
  }),
  "POST /assistants/search": () => ({ limit: 100 }),
  "POST /assistants/count": () => ({}),
  "GET /assistants/:assistant_id": nothing,
  "DELETE /assistants/:assistant_id": nothing,
  "PATCH /assistants/:assistant_id": () => ({ context: { maxSteps: 1 }, metadata: { owner: "bob" } }),
  "GET /assistants/:assistant_id/graph": nothing,
  "GET /assistants/:assistant_id/schemas": nothing,
  "GET /assistants/:assistant_id/subgraphs/:namespace?": nothing,
  "POST /assistants/:assistant_id/latest": () => ({ version: 1 }),
  "POST /assistants/:assistant_id/versions": () => ({}),
  "POST /runs/crons": cron,
  "POST /runs/crons/search": ({ thread }) => ({ thread_id: thread }),
  "DELETE /runs/crons/:cron_id": nothing,
  "POST /threads/:thread_id/runs/crons": cron,
  "POST /runs": runAsAnn,
  "POST /runs/batch": (targets) => [runAsAnn(targets)],
  "POST /runs/stream": runAsAnn,
  "POST /runs/wait": runAsAnn,
  "GET /runs/:run_id/stream": nothing,
  "GET /threads/:thread_id/runs": nothing,
  "POST /threads/:thread_id/runs": () => ({ ...run, multitask_strategy: "rollback" }),
  "POST /threads/:thread_id/runs/stream": () => ({ ...run, if_not_exists: "create" }),
  "POST /threads/:thread_id/runs/wait": () => ({ assistant_id: GRAPH, command: approval }),
  "GET /threads/:thread_id/runs/:run_id": nothing,
  "DELETE /threads/:thread_id/runs/:run_id": nothing,
  "GET /threads/:thread_id/runs/:run_id/join": nothing,
  "GET /threads/:thread_id/runs/:run_id/stream": nothing,
  "POST /threads/:thread_id/runs/:run_id/cancel": nothing,
  "POST /threads": ({ thread }) => ({
    thread_id: thread,
    if_exists: "do_nothing",
    metadata: { owner: "ann" },
  }),
  "POST /threads/search": ({ thread }) => ({ ids: [thread], metadata: { owner: "ann" } }),
  "POST /threads/count": () => ({ metadata: { owner: "ann" } }),
  "GET /threads/:thread_id": nothing,
  "DELETE /threads/:thread_id": nothing,
  "PATCH /threads/:thread_id": () => ({ metadata: { owner: "bob" } }),
  "POST /threads/:thread_id/copy": nothing,
  "GET /threads/:thread_id/state": nothing,
  "POST /threads/:thread_id/state": () => ({ values: { steering: [{ type: "message", text: "stop" }] } }),
  "GET /threads/:thread_id/state/:checkpoint_id": nothing,
  "POST /threads/:thread_id/state/checkpoint": ({ checkpoint }) => ({
    checkpoint: { checkpoint_id: checkpoint },
  }),
  "GET /threads/:thread_id/history": nothing,
  "POST /threads/:thread_id/history": () => ({ limit: 10 }),
  "GET /threads/:thread_id/stream/events": nothing,
  "POST /threads/:thread_id/stream/events": () => ({ channels: ["values", "updates", "messages", "custom"] }),
  "POST /threads/:thread_id/commands": () => ({ id: 1, method: "state.get", params: {} }),
  "POST /store/namespaces": () => ({ prefix: ["plan-execute-users"] }),
  "POST /store/items/search": () => ({ namespace_prefix: notes }),
  "GET /store/items": nothing,
  "PUT /store/items": () => ({ namespace: notes, key: "a", value: { text: "bob's" } }),
  "DELETE /store/items": () => ({ namespace: notes, key: "a" }),
  "POST /ui/:agent": () => ({ name: "plan" }),
  "GET /ui/:agent/:basename": nothing,
};
const queries: Readonly<Record<string, string>> = {
  "DELETE /assistants/:assistant_id": "?delete_threads=true",
  "GET /store/items": `?namespace=${notes.join(".")}&key=a`,
};

/** The routes of the server, without its middleware. */
const routesOf = () =>
  z
    .array(z.object({ method: z.string(), path: z.string() }))
    .parse(JSON.parse(readFileSync(join(folder, "routes.json"), "utf8")))
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);

const fillPath = (path: string, { thread, run: runId, checkpoint, assistant }: Targets) =>
  path
    .replace(":thread_id", thread)
    .replace(":run_id", runId)
    .replace(":checkpoint_id", checkpoint)
    .replace(":assistant_id", assistant)
    .replace(":cron_id", NOBODY)
    .replace(":agent", assistant)
    .replace(":basename", "entrypoint.js")
    .replace("/:namespace?", "");

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Sends a request, and reads the reply to its end: a stream that never ends fails. */
async function send(method: string, path: string, headers: object, body?: unknown): Promise<Reply> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { "content-type": "application/json", "last-event-id": "-1", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, text: await response.text() };
}

function sendTo(route: string, targets: Targets, headers: object): Promise<Reply> {
  const [method = "", path = ""] = route.split(" ");
  const query = queries[route] ?? "";
  return send(method, `${fillPath(path, targets)}${query}`, headers, bodies[route]?.(targets));
}

/** The status with which the server answers who wants to open a web socket; 101 would let them in. */
function openSocket(path: string, headers: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const key = Buffer.from("0123456789abcdef").toString("base64");
    const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const asked = get(`${url}${path}`, { headers: { ...upgrade, "sec-websocket-key": key, ...headers } });
    asked.on("response", ({ statusCode }) => resolve(statusCode));
    asked.on("upgrade", (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on("error", reject);
  });
}

const commandTo = (thread: string, method: string, params: object, headers: object) =>
  send("POST", `/threads/${thread}/commands`, headers, { id: 1, method, params });

/** All that the server has of Ann's. */
const belongings = async ({ thread, assistant }: Targets) => ({
  threads: await ann.threads.search({ limit: 100 }),
  state: await ann.threads.getState(thread),
  history: await ann.threads.getHistory(thread),
  runs: await ann.runs.list(thread),
  notes: (await ann.store.searchItems(notes)).items,
  assistant: await ann.assistants.get(assistant),
  versions: await ann.assistants.getVersions(assistant),
});

let targets: Targets;
beforeAll(async () => {
  const { assistant_id: assistant } = await ann.assistants.create({ graphId: GRAPH, context });
  const { thread_id: thread } = await ann.threads.create();
  const { run_id } = await ann.runs.create(thread, assistant, {
    input: { input: "Calculate 60201*7" },
    streamResumable: true,
  });
  await ann.runs.join(thread, run_id);
  const { thread_id: bobsThread } = await bob.threads.create();
  const [state] = await ann.threads.getHistory(thread, { limit: 1 });
  await ann.store.putItem(notes, "a", { text: "a note of hers" });
  const checkpoint = state?.checkpoint.checkpoint_id ?? "";
  targets = { thread, run: run_id, checkpoint, assistant, bobsThread };
  // The server goes on with a thread's commands as whoever sent the first one.
  await commandTo(thread, "state.get", {}, ANN);
});

describe("every route of the server", () => {
  it("is tried by these tests", () => {
    expect([...new Set(routesOf())].sort()).toEqual(Object.keys(bodies).sort());
  });

  it.each(Object.entries(strangers))(
    "but for /info and the code of components refuses who comes %s",
    async (_, headers) => {
      const replies = await Promise.all(
        Object.keys(bodies).map(async (route) => ({ route, ...(await sendTo(route, targets, headers)) })),
      );
      const taken = replies.filter(({ status }) => status !== 401).map(({ route }) => route);
      expect(taken).toEqual(["GET /info", "GET /ui/:agent/:basename"]);
      const events = `/threads/${targets.thread}/stream/events`;
      expect(await openSocket(events, headers)).toBe(401);
    },
  );

  it("gives another user nothing of Ann's, and changes nothing of hers", async () => {
    const before = await belongings(targets);
    expect(JSON.stringify(before)).toContain("60201");
    const beside = { ...targets, thread: targets.bobsThread };
    const replies = await Promise.all([
      ...Object.keys(bodies).map(async (route) => ({ route, ...(await sendTo(route, targets, BOB)) })),
      ...Object.keys(bodies)
        .filter((route) => route.includes(":run_id"))
        .map(async (route) => ({ route: `${route}, his thread`, ...(await sendTo(route, beside, BOB)) })),
    ]);
    const told = replies.filter(({ text }) => secrets.some((secret) => text.includes(secret)));
    expect(told).toEqual([]);
    // What is refused is refused for whose it is, and not for how it was asked; a GET with a body is not sent by fetch.
    const misput = replies.filter(({ status }) => status === 400 || status === 422).map(({ route }) => route);
    expect(misput).toEqual(["GET /assistants/:assistant_id/schemas"]);
    const taken = replies.filter(({ status }) => status < 400).map(({ route }) => route);
    expect(taken.filter((route) => /:(?:thread|run|checkpoint)_id/.test(route))).toEqual([]);
    const events = `/threads/${targets.thread}/stream/events`;
    expect(await openSocket(events, BOB)).toBeGreaterThanOrEqual(400);
    expect(await belongings(targets)).toEqual(before);
    expect(await openSocket(events, ANN)).toBe(101);
  });

  it("is not got at by another spelling of its path", async () => {
    const { thread, run: runId } = targets;
    const before = await belongings(targets);
    const paths = [
      "POST /internal/trunc%61te",
      "POST /%69nternal/truncate",
      `POST /threads/${thread}/%63ommands`,
      `POST /threads/${encodeURIComponent(thread).replace("-", "%2D")}/commands`,
      `GET /threads/${targets.bobsThread}/runs/${runId}/str%65am`,
      `GET /%72uns/${runId}/stream`,
    ];
    for (const path of paths) {
      const [method = "", way = ""] = path.split(" ");
      const body = method === "GET" ? undefined : { id: 1, method: "state.get", params: {}, threads: true };
      const { status, text } = await send(method, way, BOB, body);
      expect([path, status >= 400, text.includes("60201")]).toEqual([path, true, false]);
    }
    expect(await belongings(targets)).toEqual(before);
  });
});

describe("a thread's commands", () => {
  const start = (input: string) => ({ assistant_id: GRAPH, input: { input } });

  it("are its owner's alone, whoever was there first", async () => {
    const { thread_id } = await ann.threads.create();
    const squatted = await commandTo(thread_id, "run.start", start("Calculate 1+1"), BOB);
    expect(squatted.status).toBeGreaterThanOrEqual(400);
    expect((await commandTo(thread_id, "run.start", start("Calculate 6*7"), ANN)).status).toBe(200);
    const [first] = await ann.runs.list(thread_id);
    await ann.runs.join(thread_id, first?.run_id ?? "");
    expect((await ann.threads.getState(thread_id)).values).toMatchObject({ response: "42" });
  });

  it("make a thread that is not there yet the thread of who sends them", async () => {
    const thread = "11111111-1111-4111-8111-111111111111";
    expect((await commandTo(thread, "run.start", start("Calculate 6*7"), ANN)).status).toBe(200);
    expect((await commandTo(thread, "state.get", {}, BOB)).status).toBeGreaterThanOrEqual(400);
    await expect(bob.threads.get(thread)).rejects.toThrow("404");
    expect((await ann.threads.get(thread)).metadata).toMatchObject({ owner: "ann" });
  });

  it("are not got by who makes a deleted thread again", async () => {
    const { thread_id: threadId } = await ann.threads.create();
    await commandTo(threadId, "run.start", start("Calculate 60201*7"), ANN);
    const [first] = await ann.runs.list(threadId);
    await ann.runs.join(threadId, first?.run_id ?? "");
    await ann.threads.delete(threadId);
    await bob.threads.create({ threadId });
    for (const route of ["POST /threads/:thread_id/stream/events", "POST /threads/:thread_id/commands"]) {
      const { status, text } = await sendTo(route, { ...targets, thread: threadId }, BOB);
      expect([route, status >= 400, text.includes("60201")]).toEqual([route, true, false]);
    }
  });
});

describe("the server's workers", () => {
  const input = { input: "Calculate 6*7" };

  it("do not lose a thread or run on which one is at work", async () => {
    const { thread_id } = await bob.threads.create();
    const { run_id } = await bob.runs.create(thread_id, GRAPH, { input, afterSeconds: 3_600 });
    await expect(bob.threads.delete(thread_id)).rejects.toThrow(/409.*Cancel it first/);
    await expect(bob.runs.delete(thread_id, run_id)).rejects.toThrow(/409.*Cancel it first/);
    await bob.runs.cancel(thread_id, run_id);
    await bob.runs.delete(thread_id, run_id);
    await bob.threads.delete(thread_id);
    await expect(bob.threads.get(thread_id)).rejects.toThrow("404");
  });

  it("call no address that a user names", async () => {
    const webhook = "http://127.0.0.1:1/";
    const { thread_id } = await bob.threads.create();
    await expect(bob.runs.create(thread_id, GRAPH, { input, webhook })).rejects.toThrow(/403.*Webhooks/);
    await expect(bob.runs.wait(null, GRAPH, { input, webhook })).rejects.toThrow(/403.*Webhooks/);
  });
});

describe("an assistant that everybody may use", () => {
  it("is deleted by nobody, since the runs of all who used it would go as well", async () => {
    const made = await bob.assistants.create({ graphId: GRAPH });
    const { thread_id } = await ann.threads.create();
    await ann.runs.wait(thread_id, made.assistant_id, { input: { input: "Calculate 6*7" } });
    await expect(bob.assistants.delete(made.assistant_id)).rejects.toThrow("403");
    expect(await ann.runs.list(thread_id)).toHaveLength(1);
  });
});
