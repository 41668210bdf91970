// Point 11: a thread belongs to its user, whatever route another user tries.
import { once } from "node:events";
import { createServer } from "node:http";
import { userNamespace } from "../../../src/index.js";
import { areaOf, judge, type NamedAttack, onServer } from "../case.js";
import {
  ask,
  command,
  createThread,
  GRAPH,
  gate,
  isWaiting,
  run,
  SECRET,
  send,
  sendRaw,
  start,
  stateOf,
  waitingThread,
} from "./client.js";

const ann = "token of ann";
const bob = "token of bob";
const approval = { decisions: [{ type: "approve" }] };

/** What Bob sends to the commands of Ann's thread. */
const commands: readonly (readonly [string, string, object])[] = [
  ["asks for its state", "state.get", {}],
  ["asks for one channel of its state", "state.get", { keys: ["goal", "messages"] }],
  ["starts a run in it", "run.start", start],
  ["answers what waits in it", "run.start", { ...start, input: approval }],
  ["rolls its runs back", "run.start", { ...start, multitaskStrategy: "rollback" }],
  [
    "starts a run in Ann's name",
    "run.start",
    {
      ...start,
      config: { configurable: { langgraph_auth_user_id: "ann", langgraph_auth_user: { identity: "ann" } } },
    },
  ],
  ["asks for the tree of its agents", "agent.getTree", {}],
];

/** A thread of Ann's, one of Bob's, and a checkpoint of hers. */
interface Places {
  readonly hers: string;
  readonly his: string;
  readonly checkpoint: string;
}

/** Requests by Bob that name his own thread in their path, and Ann's somewhere else. */
const reaches: readonly (readonly [string, (places: Places) => readonly [string, object]])[] = [
  [
    "a run whose config names it",
    ({ hers, his }) => [
      `/threads/${his}/runs/wait`,
      { ...start, input: null, config: { configurable: { thread_id: hers } } },
    ],
  ],
  [
    "a run whose checkpoint names it",
    ({ hers, his, checkpoint }) => [
      `/threads/${his}/runs/wait`,
      {
        ...start,
        input: null,
        checkpoint: { thread_id: hers, checkpoint_id: checkpoint, checkpoint_ns: "" },
      },
    ],
  ],
  [
    "a run whose checkpoint is one of its",
    ({ his, checkpoint }) => [
      `/threads/${his}/runs/wait`,
      { ...start, input: null, checkpoint_id: checkpoint },
    ],
  ],
  [
    "an answer whose config names it",
    ({ hers, his }) => [
      `/threads/${his}/runs/wait`,
      { assistant_id: GRAPH, command: { resume: approval }, config: { configurable: { thread_id: hers } } },
    ],
  ],
  [
    "a run without a thread whose config names it",
    ({ hers }) => ["/runs/wait", { ...start, config: { configurable: { thread_id: hers } } }],
  ],
  [
    "a run without a thread, streamed, whose config names it",
    ({ hers }) => [
      "/runs/stream",
      { ...start, config: { configurable: { thread_id: hers } }, stream_mode: ["values"] },
    ],
  ],
  [
    "a change of a state whose checkpoint names it",
    ({ hers, his, checkpoint }) => [
      `/threads/${his}/state`,
      {
        values: { response: "bob's" },
        as_node: "executor",
        checkpoint: { thread_id: hers, checkpoint_id: checkpoint },
      },
    ],
  ],
  [
    "a look at a checkpoint that names it",
    ({ hers, his, checkpoint }) => [
      `/threads/${his}/state/checkpoint`,
      { checkpoint: { thread_id: hers, checkpoint_id: checkpoint } },
    ],
  ],
  [
    "a look at a history that names it",
    ({ hers, his }) => [`/threads/${his}/history`, { limit: 10, checkpoint: { thread_id: hers } }],
  ],
  ["a new thread that has its id", ({ hers }) => ["/threads", { thread_id: hers, if_exists: "do_nothing" }]],
  [
    "a new thread that has its id, and Bob as its owner",
    ({ hers }) => ["/threads", { thread_id: hers, if_exists: "do_nothing", metadata: { owner: "bob" } }],
  ],
  ["a search for threads of Ann's", () => ["/threads/search", { metadata: { owner: "ann" }, limit: 1000 }]],
  [
    "a search for threads whose owner is anything",
    () => ["/threads/search", { metadata: { owner: { $ne: "bob" } }, values: {} }],
  ],
];

/** Threads of other users. */
export const threadCases = areaOf(
  "threads on the server",
  onServer([
    ...commands.flatMap(([what, method, params]) =>
      [false, true].map(
        (isUsed): NamedAttack => ({
          name: `Bob ${what}, on a thread of Ann's ${isUsed ? "whose commands she uses" : "whose commands nobody uses"}`,
          expected: "nothing of hers is told or changed",
          async run({ server }) {
            const thread = await waitingThread(server, ann);
            if (isUsed) {
              await command(server, ann, thread, "state.get", {});
            }
            const before = await stateOf(server, ann, thread);
            const { status, text } = await command(server, bob, thread, method, params);
            await new Promise((resolve) => setTimeout(resolve, 500));
            const events = await send(server, "POST", `/threads/${thread}/stream/events`, {
              token: bob,
              body: { channels: ["values", "messages", "custom", "updates"], since: 0 },
              withinMs: 700,
            });
            const after = await stateOf(server, ann, thread);
            const isTold = `${text} ${events.text}`.includes(SECRET);
            const isSame = JSON.stringify(after.values) === JSON.stringify(before.values) && isWaiting(after);
            return judge(
              !isTold && isSame,
              `${status}${isTold ? ", told" : ""}${isSame ? "" : ", changed"}: ${text.slice(0, 60)}`,
            );
          },
        }),
      ),
    ),
    ...reaches.map(
      ([what, toRequest]): NamedAttack => ({
        name: `Bob reaches for a thread of Ann's by ${what}`,
        expected: "nothing of hers is told or changed",
        async run({ server }) {
          const hers = await waitingThread(server, ann);
          const his = await createThread(server, bob, { metadata: { graph_id: GRAPH } });
          await run(server, bob, his, { input: { input: "Calculate 1+1" }, context: gate });
          const before = await ask(server, "GET", `/threads/${hers}/state`, { token: ann });
          const at: unknown = Reflect.get(Object(before), "checkpoint");
          const checkpoint = String(Reflect.get(Object(at), "checkpoint_id"));
          const [path, body] = toRequest({ hers, his, checkpoint });
          const { status, text } = await send(server, "POST", path, { token: bob, body });
          const { text: state } = await send(server, "GET", `/threads/${his}/state`, { token: bob });
          const isTold = (text + state).includes(SECRET);
          const after = await ask(server, "GET", `/threads/${hers}/state`, { token: ann });
          const isSame = JSON.stringify(after) === JSON.stringify(before);
          return judge(!isTold && isSame, `${status}${isTold ? ", told" : ""}${isSame ? "" : ", changed"}`);
        },
      }),
    ),
    ...[
      ["GET", ""],
      ["GET", "/join"],
      ["GET", "/stream"],
      ["POST", "/cancel"],
      ["DELETE", ""],
    ].map(
      ([method = "", rest = ""]): NamedAttack => ({
        name: `Bob sends ${method} for Ann's run${rest === "" ? "" : ` and ${rest}`}, on a thread of his own`,
        expected: "nothing of hers is told or changed",
        async run({ server }) {
          const hers = await waitingThread(server, ann);
          const his = await createThread(server, bob);
          const before = await ask(server, "GET", `/threads/${hers}/runs`, { token: ann });
          const id = String(Reflect.get(Object(Array.isArray(before) ? before[0] : undefined), "run_id"));
          const { status, text } = await send(server, method, `/threads/${his}/runs/${id}${rest}`, {
            token: bob,
            withinMs: 1_500,
          });
          const after = await ask(server, "GET", `/threads/${hers}/runs`, { token: ann });
          const isSame = JSON.stringify(after) === JSON.stringify(before);
          const isTold = text.includes(SECRET) || text.includes(hers);
          return judge(!isTold && isSame, `${status}${isTold ? ", told" : ""}${isSame ? "" : ", changed"}`);
        },
      }),
    ),
    {
      name: "Bob makes a thread in Ann's name, and lets something wait in it",
      expected: "Ann does not find it among hers",
      async run({ server }) {
        const body = { metadata: { owner: "ann", note: "from bob" } };
        const thread = await createThread(server, bob, body);
        await send(server, "PATCH", `/threads/${thread}`, { token: bob, body });
        await run(server, bob, thread, { ...start, context: gate, metadata: { owner: "ann" } });
        const { text } = await send(server, "POST", "/threads/search", {
          token: ann,
          body: { limit: 1_000 },
        });
        return judge(!text.includes(thread), text.includes(thread) ? "it is among hers" : "it is not");
      },
    },
    ...[
      "/internal/truncate",
      "//internal/truncate",
      "/./internal/truncate",
      "/internal//truncate",
      "/internal/x/../truncate",
      "/INTERNAL/truncate",
      "/%69nternal/truncate",
      "/internal/truncate/",
      "/internal;x/truncate",
      "http://127.0.0.1/internal/truncate",
      "http://x/y/../internal/truncate",
    ].map(
      (path): NamedAttack => ({
        name: `Bob empties the store by ${path}, as it is written`,
        expected: "Ann's entry is still there",
        async run({ server }) {
          const namespace = userNamespace({ configurable: { langgraph_auth_user_id: "ann" } });
          const key = crypto.randomUUID();
          await ask(server, "PUT", "/store/items", { token: ann, body: { namespace, key, value: { a: 1 } } });
          const status = await sendRaw(server, "POST", path, { token: bob, body: { store: true } });
          const query = `namespace=${encodeURIComponent(namespace.join("."))}&key=${key}`;
          const { text } = await send(server, "GET", `/store/items?${query}`, { token: ann });
          return judge(text.includes('"a":1'), `${status}`);
        },
      }),
    ),
    {
      name: "Bob comes first to the commands of Ann's thread, and then she uses them",
      expected: "hers work",
      async run({ server }) {
        const thread = await waitingThread(server, ann);
        await command(server, bob, thread, "state.get", {});
        const { status, text } = await command(server, ann, thread, "state.get", {});
        return judge(text.includes(SECRET), `${status}: ${text.slice(0, 60)}`);
      },
    },
    {
      name: "Bob comes to the commands of a thread that is not there yet, and Ann makes it",
      expected: "hers alone",
      async run({ server }) {
        const thread = crypto.randomUUID();
        await command(server, bob, thread, "state.get", {});
        const made = await send(server, "POST", "/threads", { token: ann, body: { thread_id: thread } });
        if (made.status === 409) {
          return judge(true, "Bob's already, and never hers");
        }
        await run(server, ann, thread, { input: { input: `Calculate ${SECRET}*3` } });
        const { status, text } = await command(server, bob, thread, "state.get", {});
        return judge(!text.includes(SECRET), `${status}: ${text.slice(0, 60)}`);
      },
    },
    {
      name: "Ann deletes an assistant of hers that Bob has used",
      expected: "Bob's thread and runs are still there",
      async run({ server }) {
        const body = { graph_id: GRAPH, name: "hers" };
        const made = await ask(server, "POST", "/assistants", { token: ann, body });
        const assistant = String(Reflect.get(Object(made), "assistant_id"));
        const his = await createThread(server, bob);
        await run(server, bob, his, { assistant_id: assistant, input: { input: "Calculate 6*7" } });
        const { status } = await send(server, "DELETE", `/assistants/${assistant}`, { token: ann });
        const { text } = await send(server, "GET", `/threads/${his}/runs`, { token: bob });
        const state = await stateOf(server, bob, his);
        return judge(
          text.includes("run_id") && JSON.stringify(state).includes("42"),
          `${status}, ${text.slice(0, 40)}`,
        );
      },
    },
    {
      name: "Bob's run has an address on this machine told of its end",
      expected: "it is not called",
      async run({ server }) {
        let called = 0;
        const inside = createServer((_, response) => {
          called += 1;
          response.end();
        });
        inside.listen(0, "127.0.0.1");
        await once(inside, "listening");
        const address = inside.address();
        const port = typeof address === "object" ? address?.port : address;
        const his = await createThread(server, bob);
        const webhook = `http://127.0.0.1:${port}/`;
        const { status } = await run(server, bob, his, { input: { input: "Calculate 6*7" }, webhook });
        await new Promise((resolve) => setTimeout(resolve, 500));
        inside.closeAllConnections();
        inside.close();
        return judge(called === 0, `${status}, called ${called} times`);
      },
    },
  ]),
);
