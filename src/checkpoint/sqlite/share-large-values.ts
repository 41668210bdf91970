import type { CheckpointTuple } from "@langchain/langgraph";
import { SQLITE_TABLES, type SqliteSaver } from "../../langgraph/index.js";
import { CheckpointerError } from "../checkpointer-error.js";
import { SqliteCheckpointWriter } from "./checkpoint-writer.js";
import { openKeptForm, type Slot } from "./kept-form.js";
import { createLargeValueIds } from "./large-value-ids.js";
import { SqliteLargeValues } from "./large-values.js";

/**
 * Makes a saver store each large value of a thread once, however many states and writes contain it, and put
 * it back wherever it was. Everything that reads a tuple, including LangGraph's channels that store changes,
 * goes through `getTuple` and `list`.
 */
export async function shareLargeValues(saver: SqliteSaver): Promise<void> {
  const table = new SqliteLargeValues(saver.db);
  const writer = new SqliteCheckpointWriter(saver, table, await createLargeValueIds(saver.db, saver.serde));
  const getTuple = saver.getTuple.bind(saver);
  const list = saver.list.bind(saver);
  saver.put = writer.put;
  saver.putWrites = writer.putWrites;
  saver.getTuple = async (config) => {
    let incomplete: string | undefined;
    for (;;) {
      const tuple = await getTuple(config);
      if (tuple === undefined || (await fill(tuple, saver, table))) {
        return tuple;
      }
      // The row and its values are read one after the other but removed together. So a row that is still
      // there has really lost a value.
      if (tuple.checkpoint.id === incomplete) {
        throw damaged(tuple);
      }
      incomplete = tuple.checkpoint.id;
    }
  };
  saver.list = async function* (config, options) {
    for await (const tuple of list(config, options)) {
      const whole = (await fill(tuple, saver, table)) ? tuple : await saver.getTuple(tuple.config);
      if (whole !== undefined) {
        yield whole;
      }
    }
  };
  saver.deleteThread = async (threadId) => {
    saver.db
      .transaction(() => {
        for (const kept of [...Object.keys(SQLITE_TABLES), "plan_execute_large_values"]) {
          saver.db.prepare(`delete from ${kept} where thread_id = ?`).run(threadId);
        }
      })
      .immediate();
  };
}

/** Puts the large values back in their places. Returns false if one is missing. */
async function fill(
  { checkpoint, pendingWrites = [], config }: CheckpointTuple,
  { serde }: SqliteSaver,
  table: SqliteLargeValues,
): Promise<boolean> {
  const { channel_values } = checkpoint;
  let slots: Slot[] = [
    ...Object.keys(channel_values ?? {}).map((key) => ({ holder: channel_values, key })),
    ...pendingWrites.map((write) => ({ holder: write, key: 2 })),
  ];
  for (;;) {
    const holes: Slot[] = [];
    for (const slot of slots) {
      const inner = openKeptForm(slot);
      if (inner === undefined) {
        return false;
      }
      holes.push(...inner);
    }
    if (holes.length === 0) {
      return true;
    }
    const values = holes.map(({ holder, key }) =>
      table.read(config.configurable?.thread_id, String(Reflect.get(holder, key))),
    );
    if (values.includes(undefined)) {
      return false;
    }
    // Each place gets its own copy, because nobody expects a change in one place to show up in another.
    await Promise.all(
      holes.map(async ({ holder, key }, index) => {
        const found = values[index];
        if (found !== undefined) {
          Reflect.set(holder, key, await serde.loadsTyped(found.type, found.value));
        }
      }),
    );
    slots = holes;
  }
}

function damaged({ config, checkpoint }: CheckpointTuple): CheckpointerError {
  return new CheckpointerError(
    "VALUE_MISSING",
    `The checkpoint ${checkpoint.id} of thread "${config.configurable?.thread_id}" names a large value that is not in ` +
      "the file. Something other than this package has changed it: restore the file from a backup, or delete the thread.",
  );
}
