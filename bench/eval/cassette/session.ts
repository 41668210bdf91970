import { describeError } from "../../../src/base/index.js";
import type { CallLog } from "../run/call-log.js";
import { fingerprintOf } from "./fingerprint.js";
import { type Exchange, packBody, type Tape, unpackBody } from "./tape.js";

/** Answers the model requests of one run of a task. */
export interface Session {
  fetch(request: Request): Promise<Response>;
}

type Fetch = (request: Request) => Promise<Response>;

/** Answers what stands on a tape from it, and sends only what does not. */
export function knownOr(tape: Tape, send: Fetch): Fetch {
  const left = new Recordings(tape);
  return async (request) => {
    const body = await request.clone().text();
    const { model, hash } = fingerprintOf(new URL(request.url), body);
    return left.take(model, hash) ?? send(request);
  };
}

/** Numbers requests that are the same: a retry is another attempt. */
class Attempts {
  readonly #counts = new Map<string, number>();

  next(hash: string): number {
    const attempt = (this.#counts.get(hash) ?? 0) + 1;
    this.#counts.set(hash, attempt);
    return attempt;
  }
}

/** The recordings of a tape that nobody has asked for yet. */
class Recordings {
  readonly #left: Map<string, Exchange>;
  readonly #attempts = new Attempts();

  constructor({ exchanges }: Tape) {
    this.#left = new Map(exchanges.map((exchange) => [keyOf(exchange), exchange]));
  }

  get roles(): readonly string[] {
    return [...new Set([...this.#left.values()].map(({ role }) => role))];
  }

  /** The answer to a request, in its next attempt; undefined if there is none. */
  take(model: string, hash: string): Response | undefined {
    const key = keyOf({ model, hash, attempt: this.#attempts.next(hash) });
    const exchange = this.#left.get(key);
    if (exchange === undefined) {
      return undefined;
    }
    this.#left.delete(key);
    const { status, contentType } = exchange;
    return new Response(unpackBody(exchange.body), { status, headers: { "content-type": contentType } });
  }
}

/** An exchange under way, with what has come of its body. */
interface OpenExchange {
  readonly about: Omit<Exchange, "body" | "isLeft">;
  readonly chunks: Uint8Array[];
  isWhole: boolean;
}

/** Lets requests through and writes down what comes back. */
export class RecordingSession implements Session {
  readonly #send: Fetch;
  readonly #log: CallLog;
  readonly #attempts = new Attempts();
  readonly #exchanges: OpenExchange[] = [];
  /** Why requests had no answer. A run with such a request cannot be replayed. */
  readonly failures: string[] = [];

  constructor(send: Fetch, log: CallLog) {
    this.#send = send;
    this.#log = log;
  }

  /** What was exchanged so far. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges.map(({ about, chunks, isWhole }) => ({
      ...about,
      body: packBody(Buffer.concat(chunks)),
      isLeft: !isWhole,
    }));
  }

  async fetch(request: Request): Promise<Response> {
    const body = await request.clone().text();
    const { model, hash } = fingerprintOf(new URL(request.url), body);
    const sent = { role: this.#log.roleOf(body), model, hash, attempt: this.#attempts.next(hash) };
    const response = await this.#send(request).catch((error: unknown) => {
      this.failures.push(`${sent.role}: ${describeError(error)}`);
      throw error;
    });
    const { status, headers } = response;
    const about = { ...sent, status, contentType: headers.get("content-type") ?? "" };
    const exchange: OpenExchange = { about, chunks: [], isWhole: false };
    this.#exchanges.push(exchange);
    return new Response(copying(response, exchange), {
      status,
      headers: { "content-type": about.contentType },
    });
  }
}

/** The body of a response. What is read of it is kept. */
function copying({ body }: Response, exchange: OpenExchange): ReadableStream<Uint8Array> {
  const reader = (body ?? new Blob([]).stream()).getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        exchange.isWhole = true;
        controller.close();
      } else {
        exchange.chunks.push(value);
        controller.enqueue(value);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Answers from a tape. A request that is not on it is stale: the prompt, or what led to it, has changed. */
export class ReplayingSession implements Session {
  readonly #recordings: Recordings;
  readonly #log: CallLog;
  readonly #staleRoles = new Set<string>();

  constructor(tape: Tape, log: CallLog) {
    this.#recordings = new Recordings(tape);
    this.#log = log;
  }

  /** The roles whose requests are not on the tape. */
  get staleRoles(): readonly string[] {
    return [...this.#staleRoles];
  }

  /** The roles whose recordings nobody asked for. */
  get unusedRoles(): readonly string[] {
    return this.#recordings.roles;
  }

  async fetch(request: Request): Promise<Response> {
    const body = await request.text();
    const { model, hash } = fingerprintOf(new URL(request.url), body);
    const answer = this.#recordings.take(model, hash);
    if (answer === undefined) {
      this.#staleRoles.add(this.#log.roleOf(body));
      // A status that nobody tries again.
      return Response.json({ error: { message: "This request is not on the cassette." } }, { status: 400 });
    }
    return answer;
  }
}

function keyOf({ model, hash, attempt }: Pick<Exchange, "model" | "hash" | "attempt">): string {
  return `${model} ${hash} ${attempt}`;
}
