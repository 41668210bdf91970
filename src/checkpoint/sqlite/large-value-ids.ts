import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { z } from "zod";
import type { SqliteDatabase } from "../../langgraph/index.js";

/** Makes ids for large values from their content. Within a thread, the same content always has the same id. */
export interface LargeValueIds {
  readonly ofText: (text: string) => string;
  readonly ofJson: (json: string) => string;
}

const ID_BYTES = 16;
const rowSchema = z.object({ type: z.string(), value: z.instanceof(Uint8Array) });
type SecretRow = z.infer<typeof rowSchema>;

/**
 * Creates the function that makes ids from content.
 *
 * A bare hash would let anyone who has the file of an encrypted thread test guesses at a value, and see which
 * threads hold the same one. So the hash is keyed with a secret and the thread. The secret is stored in the
 * file through the serializer, like the values. If it can no longer be read, a new one replaces it. That
 * costs little: ids are only made, never checked, so values that are already there are merely stored once more.
 */
export async function createLargeValueIds(
  db: SqliteDatabase,
  serde: BaseCheckpointSaver["serde"],
): Promise<(threadId: unknown) => LargeValueIds> {
  const secret = createSecretKey(Buffer.from(await readOrMakeSecret(db, serde)));
  const recent = new RecentIds();
  return (threadId) => {
    const thread = `${String(threadId).length}:${threadId}`;
    const ofJson = (json: string) =>
      createHmac("sha256", secret)
        .update(thread)
        .update(json)
        .digest()
        .subarray(0, ID_BYTES)
        .toString("base64url");
    return {
      ofJson,
      ofText: (text) => recent.of(text, thread, () => ofJson(JSON.stringify(text))),
    };
  };
}

async function readOrMakeSecret(db: SqliteDatabase, serde: BaseCheckpointSaver["serde"]): Promise<string> {
  const own = randomBytes(32).toString("base64url");
  const [type, value] = await serde.dumpsTyped(own);
  const kept = readRow(db);
  const known = kept && (await readSecret(kept, type, serde));
  if (known !== undefined) {
    return known;
  }
  // Two processes may open a new file at once. The first one makes the secret for both.
  const other = db
    .transaction(() => {
      const now = readRow(db);
      if (now !== undefined && !(kept !== undefined && Buffer.from(kept.value).equals(now.value))) {
        return now;
      }
      db.prepare("insert or replace into plan_execute_secret values (1, ?, ?)").run(type, value);
      return undefined;
    })
    .immediate();
  return (other && (await readSecret(other, type, serde))) ?? own;
}

/**
 * Reads the stored secret, but not if its type differs: it was stored before encryption was switched on, for
 * everybody to read.
 */
async function readSecret(
  row: SecretRow,
  type: string,
  serde: BaseCheckpointSaver["serde"],
): Promise<string | undefined> {
  if (row.type !== type) {
    return undefined;
  }
  try {
    return z.string().safeParse(await serde.loadsTyped(row.type, row.value)).data;
  } catch (error) {
    if (error instanceof Error) {
      return undefined;
    }
    throw error;
  }
}

function readRow(db: SqliteDatabase): SecretRow | undefined {
  const row = db.prepare("select type, value from plan_execute_secret where id = 1").get();
  return row === undefined ? undefined : rowSchema.parse(row);
}

const MOST_CHARACTERS = 4_000_000;

/**
 * Remembers the ids of recent texts. The same string is written several times, and the runtime finds it in a
 * map without reading its characters again.
 */
class RecentIds {
  readonly #ids = new Map<string, { readonly thread: string; readonly id: string }>();
  #characters = 0;

  /** Returns the id of a text, and makes it only if it is not among the recent ones. */
  of(text: string, thread: string, make: () => string): string {
    const known = this.#ids.get(text);
    if (known?.thread === thread) {
      return known.id;
    }
    const id = make();
    if (known === undefined) {
      this.#characters += text.length;
    }
    this.#ids.set(text, { thread, id });
    for (const oldest of this.#ids.keys()) {
      if (this.#characters <= MOST_CHARACTERS) {
        break;
      }
      this.#ids.delete(oldest);
      this.#characters -= oldest.length;
    }
    return id;
  }
}
