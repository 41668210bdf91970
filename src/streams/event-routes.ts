// Events over HTTP, as server-sent events:
//
//   GET /threads/<thread>/events           from the first event that is kept, and then on and on
//   GET /threads/<thread>/events?after=7   from position 8 on; so does the header Last-Event-ID: 7
//
// An event has its position as id, so a browser's EventSource that lost its connection goes on where it was. Who may
// read a thread is for the application to say.
import { setTimeout as delay } from "node:timers/promises";
import { linkSignal } from "../base/index.js";
import type { EventStream } from "./event-stream.js";
import type { KeptEvent } from "./event-table.js";

/** What the routes need. */
export interface EventRoutesOptions {
  readonly stream: Pick<EventStream, "read">;
  /** Decides whether the sender of the request may read the thread. */
  readonly authorize: (request: Request, threadId: string) => boolean | Promise<boolean>;
}

/** Answers a request, or leaves it to others: undefined. */
export type EventRoutes = (request: Request) => Promise<Response | undefined>;

const PATH = /\/threads\/([^/]+)\/events$/;
/** Proxies close a connection that is silent for too long. */
const ALIVE_EVERY_MS = 15_000;
const RETRY_MS = 1_000;

/** Creates the route. It takes a web request and gives a web response, as Hono and many others do. */
export function createEventRoutes({ stream, authorize }: EventRoutesOptions): EventRoutes {
  return async (request) => {
    const url = new URL(request.url);
    const [, encoded] = PATH.exec(url.pathname) ?? [];
    if (request.method !== "GET" || encoded === undefined) {
      return undefined;
    }
    const threadId = decode(encoded);
    const given = url.searchParams.get("after") ?? request.headers.get("last-event-id") ?? "0";
    const after = Number(given);
    if (threadId === undefined || !Number.isSafeInteger(after) || after < 0) {
      const wrong = threadId === undefined ? `"${encoded}" is no thread` : `"${given}" is no position`;
      return refuse(400, `${wrong}. Ask for /threads/<thread>/events?after=<the id of the last event>.`);
    }
    if (!(await authorize(request, threadId))) {
      return refuse(403, "You may not read the events of this thread.");
    }
    const leaving = linkSignal(request.signal);
    const events = stream.read(threadId, { after, signal: leaving.signal })[Symbol.asyncIterator]();
    return new Response(
      toBody(events, () => leaving.abort(new Error("the reader left"))),
      {
        headers: {
          "content-type": "text/event-stream",
          "cache-control": "no-cache, no-transform",
          "x-accel-buffering": "no",
        },
      },
    );
  };
}

/** Writes events as they come. The reader sets the pace. */
function toBody(events: AsyncIterator<KeptEvent>, leave: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<KeptEvent>> | undefined;
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`));
    },
    async pull(controller) {
      next ??= events.next();
      const alive = new AbortController();
      const result = await Promise.race([next, silence(alive.signal)]).finally(() => alive.abort());
      if (result === "silence") {
        controller.enqueue(encoder.encode(": alive\n\n"));
        return;
      }
      next = undefined;
      if (result.done === true) {
        controller.close();
        return;
      }
      const { position, event } = result.value;
      const lines = [`id: ${position}`, `event: ${event.type}`, `data: ${JSON.stringify(event)}`, "", ""];
      controller.enqueue(encoder.encode(lines.join("\n")));
    },
    async cancel() {
      leave();
      await events.return?.();
    },
  });
}

async function silence(signal: AbortSignal): Promise<"silence"> {
  await delay(ALIVE_EVERY_MS, undefined, { signal }).catch(() => {});
  return "silence";
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function refuse(status: number, reason: string): Response {
  return new Response(`${reason}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
