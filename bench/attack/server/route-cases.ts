// Point 9: every route of the server, without a token, with a wrong one, as Studio, and with another user's.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { userNamespace } from "../../../src/index.js";
import { areaOf, assertSetUp, judge, type NamedAttack, onServer } from "../case.js";
import { ask, GRAPH, SECRET, type Sent, send, stateOf, talk, waitingThread } from "./client.js";
import type { RunningServer } from "./running-server.js";

/** A route as the server's sources name it. */
interface Route {
  readonly method: string;
  readonly path: string;
}

/** The values for the placeholders in a route's path. */
type Places = Readonly<Record<string, string>>;

const ROUTE = /\b(?:api|app)\.(get|post|put|patch|delete)\("(\/[^"]*)"/g;
/** Routes that reveal nothing about anybody. */
const OPEN = new Set(["/ok", "/info", "/docs", "/openapi.json"]);
const ann = "token of ann";
const bob = "token of bob";
const place = userNamespace({ configurable: { langgraph_auth_user_id: "ann" } });

const groups = readRoutes();
const strangers: readonly (readonly [string, Sent])[] = [
  ["without a token", {}],
  ["with a token that nobody has", { token: "token of nobody" }],
  ["as Studio", { headers: { "x-auth-scheme": "langsmith" } }],
  ["as Studio, with a key", { headers: { "x-auth-scheme": "langsmith", "x-api-key": "x" } }],
  ["with Studio's word in capitals", { headers: { "X-Auth-Scheme": "LangSmith" } }],
];

/** All routes of the server. */
export const routeCases = areaOf(
  "routes",
  onServer([
    ...[...groups].flatMap(([group, routes]) => [
      ...strangers.map(
        ([how, sent]): NamedAttack => ({
          name: `The routes of ${group} are asked ${how}`,
          expected: "401 or 403 for each",
          async run({ server }) {
            const places = inventedPlaces();
            const open: string[] = [];
            for (const route of routes.filter((candidate) => !isOpen(candidate))) {
              const { status } = await send(server, ...toRequest(route, places, sent));
              if (status !== 401 && status !== 403) {
                open.push(`${route.method} ${route.path} ${status}`);
              }
            }
            return judge(
              open.length === 0,
              open.length === 0 ? `${routes.length} closed` : `open: ${open.join(", ")}`,
            );
          },
        }),
      ),
      asksForHers(group, routes),
    ]),
    {
      name: "Bob empties the server's store by /internal/truncate",
      expected: "Ann's entry is still there",
      async run({ server }) {
        await ask(server, "PUT", "/store/items", {
          token: ann,
          body: { namespace: place, key: "kept", value: { a: 1 } },
        });
        const { status } = await send(server, "POST", "/internal/truncate", {
          token: bob,
          body: { store: true },
        });
        const { text } = await send(
          server,
          "GET",
          `/store/items?namespace=${encodeURIComponent(place.join("."))}&key=kept`,
          { token: ann },
        );
        return judge(text.includes('"a":1'), `${status}, ${text.slice(0, 60)}`);
      },
    },
    ...(
      [
        ["nobody", {}],
        ["Studio", { "x-auth-scheme": "langsmith" }],
        ["Bob", { authorization: `Bearer ${bob}` }],
      ] as const
    ).map(
      ([who, headers]): NamedAttack => ({
        name: `${who} opens a WebSocket on Ann's thread and asks for its state`,
        expected: "nothing of hers",
        async run({ server }) {
          const thread = await waitingThread(server, ann);
          const state = { id: 1, method: "state.get", params: {} };
          await send(server, "POST", `/threads/${thread}/commands`, { token: ann, body: state });
          const path = `/threads/${thread}/stream/events`;
          const { status, text } = await talk(
            server,
            path,
            { id: 1, method: "state.get", params: {} },
            headers,
          );
          return judge(
            !text.includes(SECRET),
            `${status}, ${text.includes(SECRET) ? "her state" : "nothing"}`,
          );
        },
      }),
    ),
  ]),
);

function asksForHers(group: string, routes: readonly Route[]): NamedAttack {
  return {
    name: `The routes of ${group} are asked by Bob for what is Ann's`,
    expected: "nothing of hers is told or changed",
    async run({ server }) {
      const places = await annsPlaces(server);
      const before = await hers(server, places);
      const told: string[] = [];
      for (const route of routes) {
        const { text } = await send(server, ...toRequest(route, places, { token: bob }));
        if (text.includes(SECRET)) {
          told.push(`${route.method} ${route.path}`);
        }
      }
      const isSame = JSON.stringify(await hers(server, places)) === JSON.stringify(before);
      return judge(
        told.length === 0 && isSame,
        `told: ${told.join(", ") || "nothing"}${isSame ? "" : ", changed"}`,
      );
    },
  };
}

/** The routes by the file that names them, so that a new upstream route is tested too. */
function readRoutes(): ReadonlyMap<string, readonly Route[]> {
  const folder = join(process.cwd(), "node_modules/@langchain/langgraph-api/dist");
  const api = readdirSync(join(folder, "api")).filter((name) => name.endsWith(".mjs"));
  const files = [...api.map((name) => join("api", name)), "server.mjs", join("ui", "load.mjs")];
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const routes = [...text.matchAll(ROUTE)].map(([, method = "", path = ""]) => ({
        method: method.toUpperCase(),
        path,
      }));
      return [file.replace(/^api\/|\.mjs$/g, ""), routes];
    }),
  );
}

/** Assets of pages reveal nothing about anybody either. */
function isOpen({ method, path }: Route): boolean {
  return OPEN.has(path) || (method === "GET" && path.startsWith("/ui/"));
}

function toRequest({ method, path }: Route, places: Places, sent: Sent): [string, string, Sent] {
  const filled = path.replace(/:([a-z_]+)\??/g, (_, name: string) => places[name] ?? "x");
  const query =
    path === "/store/items" && method === "GET" ? `?namespace=${place.join(".")}&key=${places.key}` : "";
  const body = method === "GET" ? undefined : bodyFor(path, places);
  return [method, filled + query, { ...sent, body, withinMs: 1_500 }];
}

/** A body that the route accepts, as far as we know one. */
function bodyFor(path: string, { assistant_id: assistant, run_id: runId, key }: Places): unknown {
  const start = { assistant_id: GRAPH, input: { input: "Calculate 1+1" } };
  if (path.endsWith("/batch")) {
    return [start];
  }
  if (path.endsWith("/commands")) {
    return { id: 1, method: "state.get", params: {} };
  }
  if (path.endsWith("/stream/events")) {
    return { channels: ["values", "messages", "custom", "lifecycle"], since: 0 };
  }
  if (path === "/internal/truncate") {
    return {};
  }
  if (path.startsWith("/store/items") && !path.endsWith("search")) {
    return { namespace: place, key, value: { stolen: true } };
  }
  if (path.startsWith("/store")) {
    return { namespace_prefix: place, prefix: place };
  }
  if (path.includes("crons")) {
    return { ...start, schedule: "* * * * *" };
  }
  if (path.includes("/runs")) {
    return { ...start, run_id: runId };
  }
  if (path.endsWith("/state")) {
    return { values: { response: "written by bob" }, as_node: "executor" };
  }
  if (path.endsWith("/state/checkpoint")) {
    return { checkpoint: {} };
  }
  if (path.startsWith("/assistants")) {
    return { graph_id: GRAPH, assistant_id: assistant, name: "bob's", version: 1 };
  }
  return path.startsWith("/ui") ? { name: "x" } : { metadata: { owner: "bob" } };
}

function inventedPlaces(): Places {
  const ids = ["thread_id", "run_id", "assistant_id", "checkpoint_id", "cron_id"].map((name) => [
    name,
    randomUUID(),
  ]);
  return { ...Object.fromEntries(ids), key: "mine", agent: GRAPH, namespace: "x", basename: "x" };
}

/** A waiting thread of Ann's, a run in it, an assistant of hers, and an entry of the store. */
async function annsPlaces(server: RunningServer): Promise<Places> {
  const thread = await waitingThread(server, ann);
  const runs = await ask(server, "GET", `/threads/${thread}/runs`, { token: ann });
  const runId: unknown = Reflect.get(Object(Array.isArray(runs) ? runs[0] : undefined), "run_id");
  const made = await ask(server, "POST", "/assistants", {
    token: ann,
    body: { graph_id: GRAPH, name: `hers ${thread}` },
  });
  const assistant: unknown = Reflect.get(Object(made), "assistant_id");
  await ask(server, "PUT", "/store/items", {
    token: ann,
    body: { namespace: place, key: thread, value: { secret: SECRET } },
  });
  assertSetUp(typeof runId === "string" && typeof assistant === "string", "Ann has no run or no assistant");
  return { ...inventedPlaces(), key: thread, thread_id: thread, run_id: runId, assistant_id: assistant };
}

/** What Ann finds of her own things. */
async function hers(server: RunningServer, { thread_id: thread = "", assistant_id: assistant = "" }: Places) {
  const { values, tasks } = await stateOf(server, ann, thread);
  const { metadata } = Object(await ask(server, "GET", `/threads/${thread}`, { token: ann }));
  const { name } = Object(await ask(server, "GET", `/assistants/${assistant}`, { token: ann }));
  const { text } = await send(
    server,
    "GET",
    `/store/items?namespace=${encodeURIComponent(place.join("."))}&key=${thread}`,
    { token: ann },
  );
  assertSetUp(text.includes("value"), `her entry is gone: ${text}`);
  return { values, waits: tasks.length, owner: metadata?.owner, name, entry: text };
}
