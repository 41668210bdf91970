// Two requests that a plan's card makes and that LangGraph's server alone does not serve well. They are answered before
// the server sees them, under the server's own routes, so a client needs no address and no token but the server's:
//
//   POST /threads/<thread>/state  with `steering`: while a thread runs, the server refuses every update, but a run in this
//                                 process can take the change between its steps. And the server does not say who sends
//                                 an update, so nobody would know who steered.
//   POST /ui/<assistant>          the server finds components by the graph's name alone, and clients ask by the id of
//                                 their assistant.
//
// Who may do what is the server's business. Before anything is done, the server itself is asked, with the request's own
// token. Who steers is the server's user, whatever the request says.
import { Client } from "@langchain/langgraph-sdk";
import { z } from "zod";
import { StateUpdateError } from "../runtime/index.js";
import { type SteerInput, steerInputSchema } from "../state/index.js";
import { forLiveRun, type SteerableAgent } from "./steer.js";

/** A user as the server's auth made them. */
interface ServerUser {
  readonly identity: string;
}

/** What the routes need. */
interface PlanRoutesOptions {
  /** The agents of this server, by the names of langgraph.json: the very objects that the server loads. */
  readonly graphs: Readonly<Record<string, SteerableAgent>>;
}

/** Answers a request, or leaves it to the server: undefined. */
export type PlanRoutes = (request: Request, user?: ServerUser) => Promise<Response | undefined>;

const UUID = "[\\da-f]{8}-(?:[\\da-f]{4}-){3}[\\da-f]{12}";
const STATE_PATTERN = new RegExp(`^/threads/(${UUID})/state$`, "i");
const COMPONENT_PATTERN = new RegExp(`^/ui/(${UUID})$`, "i");

// An update of an earlier checkpoint, or as some node, is the server's.
const steeringSchema = z.strictObject({
  values: z.strictObject({ steering: z.array(steerInputSchema).min(1) }),
});
const componentSchema = z.object({ name: z.string() });
const threadSchema = z.object({
  status: z.string(),
  metadata: z.object({ graph_id: z.string() }),
});

/** Creates the routes. Mount them on the app that langgraph.json names under `http`. See docs/chat.md. */
export function createPlanRoutes({ graphs }: PlanRoutesOptions): PlanRoutes {
  return async (request, user) => {
    const { pathname } = new URL(request.url);
    const [, threadId] = STATE_PATTERN.exec(pathname) ?? [];
    const [, assistantId] = COMPONENT_PATTERN.exec(pathname) ?? [];
    if (request.method !== "POST" || (threadId ?? assistantId) === undefined) {
      return undefined;
    }
    const body: unknown = await request
      .clone()
      .json()
      .catch(() => undefined);
    if (threadId !== undefined) {
      const { data } = steeringSchema.safeParse(body);
      return (
        data && steerThread(threadId, data.values.steering, { graphs, client: clientFor(request), user })
      );
    }
    const { data } = componentSchema.safeParse(body);
    return data && assistantId !== undefined
      ? loadComponent(assistantId, data.name, clientFor(request))
      : undefined;
  };
}

/** Makes changes to a thread, in the name of the server's user. */
async function steerThread(
  threadId: string,
  changes: readonly SteerInput[],
  {
    graphs,
    client,
    user,
  }: PlanRoutesOptions & { readonly client: Client; readonly user: ServerUser | undefined },
): Promise<Response | undefined> {
  // An empty change of the metadata asks the server whether this user may change the thread.
  const thread = await orLeft(client.threads.update(threadId, { metadata: {} }));
  const { data } = threadSchema.safeParse(thread);
  const graphId = data?.metadata.graph_id ?? "";
  const graph = Object.hasOwn(graphs, graphId) ? graphs[graphId] : undefined;
  if (graph === undefined) {
    return undefined;
  }
  const config = {
    configurable: {
      thread_id: threadId,
      ...(user === undefined ? {} : { langgraph_auth_user: user, langgraph_auth_user_id: user.identity }),
    },
  };
  const isBusy = data?.status === "busy";
  if (!isBusy) {
    // The server gives a graph its checkpointer when it first uses the graph.
    await orLeft(client.threads.getState(threadId));
  }
  try {
    await graph.updateState(isBusy ? forLiveRun(config) : config, { steering: changes });
    return Response.json({ checkpoint: { thread_id: threadId, checkpoint_ns: "" } });
  } catch (error) {
    if (error instanceof StateUpdateError) {
      return error.getResponse();
    }
    throw error;
  }
}

/** Loads a component of the assistant's graph from the server itself. */
async function loadComponent(
  assistantId: string,
  name: string,
  client: Client,
): Promise<Response | undefined> {
  const assistant = await orLeft(client.assistants.get(assistantId));
  if (assistant === undefined) {
    return undefined;
  }
  const html = await orLeft(client["~ui"].getComponent(assistant.graph_id, name));
  return html === undefined ? undefined : new Response(html, { headers: { "content-type": "text/html" } });
}

/** What the server refuses here it will refuse once more by itself, so the request is left to it. */
async function orLeft<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  return asked.catch(() => undefined);
}

/** A client of the server that this runs in, acting for whoever sent the request. */
function clientFor({ headers }: Request): Client {
  const names = ["authorization", "x-api-key", "host", "x-auth-scheme"];
  const kept = names.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return new Client({
    apiKey: null,
    defaultHeaders: Object.fromEntries(kept),
    callerOptions: { maxRetries: 0 },
  });
}
