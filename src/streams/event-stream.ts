import { linkSignal, parseJson } from "../base/index.js";
import { type CheckpointerOptions, openPostgres, type PostgresConnections } from "../checkpoint/index.js";
import { type AgentEvent, agentEventSchema, type EventSink } from "../events/index.js";
import type { PackageLoader } from "../langgraph/index.js";
import { EventListenerOnPostgres } from "./event-listener.js";
import {
  addEvents,
  EVENT_MIGRATIONS,
  type EventRow,
  type KeptEvent,
  type ReadRow,
  readEvents,
  removeOldEvents,
  removeThread,
} from "./event-table.js";

/** The options of an event stream. */
export interface EventStreamOptions {
  /** A PostgreSQL database, such as that of the checkpointer. Missing tables are made. */
  readonly url: string;
  /** How many days events are kept. @default 7 */
  readonly keepDays?: number;
  /** Converts events to the stored form and back, such as that of `createEncryptedSerializer`. @default JSON */
  readonly serializer?: NonNullable<CheckpointerOptions["serializer"]>;
  /** Imports the database's package by name. @default the runtime's own import */
  readonly load?: PackageLoader;
}

/** Options for reading the events of a thread. */
export interface ReadEventsOptions {
  /** The position of the last event that was read. @default 0, so all that are kept */
  readonly after?: number;
  /** Whether to wait for more events. @default true: until the signal aborts or the reader leaves its loop */
  readonly follow?: boolean;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** The events of all threads in a table: a sink for agents, and a reader for everybody. */
export interface EventStream extends EventSink {
  writeAll(events: readonly AgentEvent[]): Promise<void>;
  /** Reads the events of a thread in their order: those that are kept, and then those that come. */
  read(threadId: string, options?: ReadEventsOptions): AsyncIterable<KeptEvent>;
  /** Removes the events of a thread. */
  deleteThread(threadId: string): Promise<void>;
  /** Removes what is older than `keepDays`, and returns how many events. A process that writes does so by itself. */
  sweep(): Promise<number>;
  /** Ends all reading and closes the connections. A second call does nothing. */
  close(): Promise<void>;
}

const PAGE = 500;
const DAY_MS = 86_400_000;
const KEEP_DAYS = 7;
/** A batch is small enough to block nobody. */
const SWEEP_BATCH = 2_000;
const SWEEP_EVERY_MS = 600_000;

/**
 * Opens a table of events in PostgreSQL. Hand it to agents as a sink: their events are there for every process within
 * milliseconds, also those of tokens, also after the process that wrote them has died.
 * @throws CheckpointerError PACKAGE_MISSING, UNKNOWN_URL or CANNOT_OPEN.
 */
export async function createEventStream({
  url,
  load,
  keepDays = KEEP_DAYS,
  serializer,
}: EventStreamOptions): Promise<EventStream> {
  if (!(keepDays > 0)) {
    throw new TypeError(`keepDays is ${keepDays}, and has to be more than 0.`);
  }
  return openEventStream(await openPostgres(url, [EVENT_MIGRATIONS], load), { keepDays, serializer });
}

/** Opens the table of events in a database that already has it. Closing the stream closes the connections. */
export function openEventStream(
  { pool, connect, close }: PostgresConnections,
  { keepDays = KEEP_DAYS, serializer }: Pick<EventStreamOptions, "keepDays" | "serializer">,
): EventStream {
  const listener = new EventListenerOnPostgres(connect);
  const closing = new AbortController();
  let sweepAt = 0;

  async function sweep(): Promise<number> {
    let removed = 0;
    for (let batch = SWEEP_BATCH; batch === SWEEP_BATCH; removed += batch) {
      batch = await removeOldEvents(pool, keepDays * DAY_MS, SWEEP_BATCH);
    }
    return removed;
  }

  async function writeAll(events: readonly AgentEvent[]): Promise<void> {
    const rows = await Promise.all(events.flatMap((event) => toRow(event, serializer)));
    if (rows.length > 0) {
      await addEvents(pool, rows);
    }
    if (performance.now() >= sweepAt) {
      sweepAt = performance.now() + SWEEP_EVERY_MS;
      // The next sweep removes what this one could not.
      sweep().catch(() => {});
    }
  }

  async function* read(
    threadId: string,
    { after = 0, follow = true, signal }: ReadEventsOptions = {},
  ): AsyncGenerator<KeptEvent> {
    const { signal: ending, unlink } = linkSignal(signal, closing.signal);
    const ear = follow ? listener.join(threadId) : undefined;
    let position = after;
    try {
      while (!ending.aborted) {
        const rows = await readEvents(pool, threadId, position, PAGE);
        for (const row of rows) {
          const event = await fromRow(row, serializer);
          if (event !== undefined && !ending.aborted) {
            yield { position: row.position, event };
          }
        }
        position = rows.at(-1)?.position ?? position;
        if (rows.length < PAGE) {
          if (ear === undefined) {
            return;
          }
          await ear.next(ending);
        }
      }
    } finally {
      ear?.leave();
      unlink();
    }
  }

  let closed: Promise<void> | undefined;
  return {
    name: "event stream",
    write: (event) => writeAll([event]),
    writeAll,
    read,
    deleteThread: (threadId) => removeThread(pool, threadId),
    sweep,
    close() {
      closing.abort();
      closed ??= listener.close().then(close);
      return closed;
    },
  };
}

/** Turns an event into a row. Events without a thread are not kept, because nobody could find them. */
export function toRow(event: AgentEvent, serializer: EventStreamOptions["serializer"]): Promise<EventRow>[] {
  const { threadId } = event;
  if (threadId === undefined) {
    return [];
  }
  return [
    serializer === undefined
      ? Promise.resolve({ threadId, kind: "json", text: JSON.stringify(event) })
      : serializer
          .dumpsTyped(event)
          .then(([kind, bytes]) => ({ threadId, kind, text: Buffer.from(bytes).toString("base64") })),
  ];
}

/** Reads an event. Leaves out types that only a later version knows. */
async function fromRow(
  { kind, text }: ReadRow,
  serializer: EventStreamOptions["serializer"],
): Promise<AgentEvent | undefined> {
  const value: unknown =
    serializer === undefined
      ? parseJson(text)
      : await serializer.loadsTyped(kind, Buffer.from(text, "base64"));
  return agentEventSchema.safeParse(value).data;
}
