// A checkpointer that shows old checkpoints in today's shape. LangGraph builds a state from a checkpoint channel by
// channel and drops what it has no channel for, so the migration must happen before that.
//
//   (1) The database does not change: an old checkpoint is migrated each time it is read.
//   (2) The pending writes of an unfinished superstep are migrated task by task, based on the state that the tasks
//       started with. Whatever is not a channel of the state (results of tasks, answers, errors) stays as it is.
//   (3) Channels that a migration makes get a new version, and channels that no longer exist lose theirs. Savers that
//       keep each channel separately (PostgreSQL) store only the channels that LangGraph names as new, and read only
//       those that have a version. So each checkpoint that is written after a migration also names the made channels.
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { withCheckpointer, withoutCheckpointer } from "./run-checkpointer.js";

/** Values by the names of their channels. */
export type Channels = Readonly<Record<string, unknown>>;

/** How to bring checkpoints of older shapes into today's shape. */
export interface CheckpointMigration {
  /** The channels that the migration makes. */
  readonly made: readonly string[];
  /** The channels that no longer exist. */
  readonly gone: readonly string[];
  /** Whether the values have an older shape. */
  isOutdated(values: Channels): boolean;
  /** Returns the state in today's shape. `writtenAt` is the ISO time of its checkpoint. */
  migrateState(values: Channels, writtenAt: string): Channels;
  /**
   * Turns a task's writes to `made` and `gone` channels into writes to today's channels. `before` is the state that the
   * task started with.
   */
  migrateWrites(written: Channels, before: Channels, writtenAt: string): Channels;
}

type Tuple = NonNullable<Awaited<ReturnType<BaseCheckpointSaver["getTuple"]>>>;
type Checkpoint = Tuple["checkpoint"];
type PendingWrites = NonNullable<Tuple["pendingWrites"]>;
type Versions = Checkpoint["channel_versions"];

/** The key under which a saver says that it migrates. */
const MIGRATES = Symbol("planExecuteMigrates");

/**
 * Wraps a saver so that it shows old checkpoints in today's shape. Make one for each run, because the wrapper remembers
 * whether it has met an old checkpoint.
 */
export function withMigration(
  saver: BaseCheckpointSaver,
  migration: CheckpointMigration,
): BaseCheckpointSaver {
  if (Reflect.get(saver, MIGRATES) === true) {
    return saver;
  }
  let hasMigrated = false;
  const read = (tuple: Tuple): Tuple => {
    const migrated = migrateTuple(tuple, migration, saver);
    hasMigrated ||= migrated !== tuple;
    return migrated;
  };
  const own: Pick<BaseCheckpointSaver, "getTuple" | "list" | "put"> = {
    async getTuple(config) {
      const tuple = await saver.getTuple(withoutCheckpointer(config));
      return tuple === undefined ? undefined : read(tuple);
    },
    async *list(config, options) {
      for await (const tuple of saver.list(withoutCheckpointer(config), options)) {
        yield read(tuple);
      }
    },
    put(config, checkpoint, metadata, newVersions) {
      const { channel_versions: versions } = checkpoint;
      const named = hasMigrated ? { ...pick(versions, migration.made), ...newVersions } : newVersions;
      return saver.put(config, checkpoint, metadata, named);
    },
  };
  return new Proxy(saver, {
    get(_saver, key) {
      if (key === MIGRATES) {
        return true;
      }
      const member: unknown = Reflect.get(Object.hasOwn(own, key) ? own : saver, key);
      // Methods run on the saver itself, because a proxy has no access to its private fields.
      return typeof member === "function" ? member.bind(saver) : member;
    },
  });
}

/** Returns a config with which `getState` and similar methods read through a saver that migrates. */
export function lendMigrating<Config extends RunnableConfig>(
  config: Config,
  saver: BaseCheckpointSaver,
  migration: CheckpointMigration,
): Config {
  return { ...config, configurable: withCheckpointer(config.configurable, withMigration(saver, migration)) };
}

function migrateTuple(tuple: Tuple, migration: CheckpointMigration, saver: BaseCheckpointSaver): Tuple {
  const { checkpoint, pendingWrites = [] } = tuple;
  const { channel_values: values, channel_versions: versions, ts } = checkpoint;
  const isOutdated = migration.isOutdated(values);
  const writes = migratePending(pendingWrites, checkpoint, migration);
  if (!isOutdated) {
    return writes === undefined ? tuple : { ...tuple, pendingWrites: writes };
  }
  const kept = Object.entries(versions).filter(([channel]) => !migration.gone.includes(channel));
  const version = nextVersion(versions, saver);
  const made = migration.made.map((channel) => [channel, version] as const);
  return {
    ...tuple,
    checkpoint: {
      ...checkpoint,
      channel_values: { ...migration.migrateState(values, ts) },
      channel_versions: Object.fromEntries([...kept, ...made]),
    },
    ...(writes === undefined ? {} : { pendingWrites: writes }),
  };
}

/** Returns the writes in today's shape, or undefined if they already have it. */
function migratePending(
  pending: PendingWrites,
  { channel_values: before, ts }: Checkpoint,
  migration: CheckpointMigration,
): PendingWrites | undefined {
  if (!pending.some(([, channel]) => migration.gone.includes(channel))) {
    return undefined;
  }
  const tasks = new Set(pending.map(([taskId]) => taskId));
  return [...tasks].flatMap((taskId) => {
    const writes = pending.filter((write) => write[0] === taskId);
    const isOfMade = ([, channel]: PendingWrites[number]) =>
      migration.gone.includes(channel) || migration.made.includes(channel);
    const written = Object.fromEntries(writes.filter(isOfMade).map(([, channel, value]) => [channel, value]));
    const isOld = migration.gone.some((channel) => Object.hasOwn(written, channel));
    // The state before a turn's first task may be empty, but that task also writes its version.
    if (!isOld || !(migration.isOutdated(before) || migration.isOutdated(written))) {
      return writes;
    }
    const made = Object.entries(migration.migrateWrites(written, before, ts));
    return [
      ...writes.filter((write) => !isOfMade(write)),
      ...made.map(([channel, value]): PendingWrites[number] => [taskId, channel, value]),
    ];
  });
}

/**
 * Returns a version that no channel has yet. It skips versions that are strings, because only savers of whole
 * checkpoints use those, and such savers ignore versions.
 */
function nextVersion(versions: Versions, saver: BaseCheckpointSaver): Versions[string] {
  const numbers = Object.values(versions).filter((version) => typeof version === "number");
  return saver.getNextVersion(numbers.length === 0 ? undefined : Math.max(...numbers));
}

function pick(versions: Versions, channels: readonly string[]): Versions {
  return Object.fromEntries(Object.entries(versions).filter(([channel]) => channels.includes(channel)));
}
