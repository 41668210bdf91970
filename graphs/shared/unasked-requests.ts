// LangGraph's server (1.5.0) asks an auth's rules about most requests. It answers these without asking, or after
// asking about something else:
//   /internal/truncate                        empties the server
//   /runs/<run>/stream                        shows a run, whoever owns it
//   /threads/<thread>/runs/<run>/stream, join asks who owns the thread, and shows the run even of another thread
//   /threads/<thread>/commands, stream/events continues as whoever came first, for all who come after
//   DELETE of a thread or run at work         stops the worker that is at it, for everybody and for good
// So we judge these requests before the server sees them: we ask the server, with the same token, who owns the thing.
import { Client } from "@langchain/langgraph-sdk";
import { HTTPException } from "@langchain/langgraph-sdk/auth";

const CLOSED = /^\/internal\/|^\/runs\/[^/]+\/stream$/;
const OF_THREAD = /^\/threads\/([^/]+)(?:\/(.+))?$/;

/**
 * Makes a gate for the requests that the server does not ask about. It throws if the user may not make the request.
 */
export function createGate(): (request: Request, user: { readonly identity: string }) => Promise<void> {
  /**
   * The first user of each thread's protocol. The server keeps them, and what they were sent, even beyond the thread.
   */
  const firstUsers = new Map<string, string>();
  return async (request, user) => {
    const path = pathOf(request.url);
    assertPlain(path);
    if (CLOSED.test(path)) {
      throw new HTTPException(403, { message: `${path} is closed.` });
    }
    const [, threadId, rest = ""] = OF_THREAD.exec(path) ?? [];
    if (threadId === undefined) {
      return;
    }
    const server = clientFor(request.headers);
    if (request.method === "DELETE") {
      await assertAtRest(server, threadId);
    }
    const [, run] = /^runs\/([^/]+)\/./.exec(rest) ?? [];
    if (run !== undefined) {
      await assertTheirs(server.runs.get(threadId, run));
    }
    if (/^(?:commands|stream)\b/.test(rest)) {
      // Commands may come before their thread exists. If we create it here, it is the user's before anything is done.
      await assertTheirs(server.threads.create({ threadId, ifExists: "do_nothing" }));
      if ((firstUsers.get(threadId) ?? user.identity) !== user.identity) {
        throw notTheirs();
      }
      firstUsers.set(threadId, user.identity);
    }
  };
}

/** A client of the server that this runs in, acting for whoever sent the request. */
function clientFor(headers: Headers): Client {
  const token = ["authorization", "x-api-key"].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return new Client({
    apiKey: null,
    defaultHeaders: Object.fromEntries(token),
    callerOptions: { maxRetries: 0 },
  });
}

/** The path as it was sent. URL would resolve dots, and the server does not look at that result. */
function pathOf(url: string): string {
  return /^\w+:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? "";
}

/**
 * The server decodes paths, so another spelling would be another path here. Only namespaces of graphs need
 * percent-encoding.
 */
function assertPlain(path: string): void {
  if (path.includes("%") && !path.startsWith("/assistants/")) {
    throw new HTTPException(400, { message: "Send the path without percent-encoding." });
  }
}

async function assertAtRest(server: Client, threadId: string): Promise<void> {
  const statuses = ["pending", "running"] as const;
  const looks = statuses.map((status) => server.runs.list(threadId, { status, limit: 1 }));
  if ((await assertTheirs(Promise.all(looks))).flat().length > 0) {
    throw new HTTPException(409, { message: "A run of this thread is at work. Cancel it first." });
  }
}

async function assertTheirs<Found>(looking: Promise<Found>): Promise<Found> {
  try {
    return await looking;
  } catch {
    throw notTheirs();
  }
}

function notTheirs(): HTTPException {
  return new HTTPException(403, { message: "It is not yours, or is not there." });
}
