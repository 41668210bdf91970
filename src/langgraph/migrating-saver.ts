// A checkpointer that shows checkpoints of an older shape in the shape of today. LangGraph makes a state of a checkpoint
// channel by channel and drops what it has no channel for, so this has to happen before.
//
//   (1) Nothing in the database is changed: an old checkpoint is migrated whenever it is read.
//   (2) What tasks of a superstep that was cut off have written is migrated task by task, over the state that they began
//       with. What is none of the state's channels (results of tasks, answers, errors) stays as it is.
//   (3) Channels that a migration makes get a new version, and channels that are gone lose theirs. Savers that keep each
//       channel by itself (PostgreSQL) store only what LangGraph names as new, and read what has a version: so every
//       checkpoint that is written after a migration names the made channels too.
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** Values by their channels. */
export type Channels = Readonly<Record<string, unknown>>;

/** How checkpoints of older shapes are read. */
export interface CheckpointMigration {
  /** The channels that it makes. */
  readonly made: readonly string[];
  /** The channels that there are no more. */
  readonly gone: readonly string[];
  /** Whether values are of an older shape. */
  isOutdated(values: Channels): boolean;
  /** A state in the shape of today; `writtenAt` is the ISO time of its checkpoint. */
  migrateState(values: Channels, writtenAt: string): Channels;
  /** What a task wrote of `made` and `gone` channels to the state `before`, as writes to the channels of today. */
  migrateWrites(written: Channels, before: Channels, writtenAt: string): Channels;
}

type Tuple = NonNullable<Awaited<ReturnType<BaseCheckpointSaver["getTuple"]>>>;
type Checkpoint = Tuple["checkpoint"];
type PendingWrites = NonNullable<Tuple["pendingWrites"]>;
type Versions = Checkpoint["channel_versions"];

/** Under this key a saver says that it migrates. */
const MIGRATES = Symbol("planExecuteMigrates");
/** Under this key LangGraph lends a saver. */
const LENT = "__pregel_checkpointer";

/** The saver, which shows old checkpoints in the shape of today. Make one for each run: it knows whether it met any. */
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
      const tuple = await saver.getTuple(withoutLent(config));
      return tuple === undefined ? undefined : read(tuple);
    },
    async *list(config, options) {
      for await (const tuple of saver.list(withoutLent(config), options)) {
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
      // A saver's private fields are there on the saver alone.
      return typeof member === "function" ? member.bind(saver) : member;
    },
  });
}

/** A config of `getState` and the like, for which the graph reads through a saver that migrates. */
export function lendMigrating<Config extends RunnableConfig>(
  config: Config,
  saver: BaseCheckpointSaver,
  migration: CheckpointMigration,
): Config {
  return { ...config, configurable: { ...config.configurable, [LENT]: withMigration(saver, migration) } };
}

/** The config without a saver that was lent: some savers hand a config back, and whoever shows it would show that. */
export function withoutLent<Config extends RunnableConfig>(config: Config): Config {
  if (config.configurable === undefined || !(LENT in config.configurable)) {
    return config;
  }
  const { [LENT]: _lent, ...configurable } = config.configurable;
  return { ...config, configurable };
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

/** The writes in the shape of today; undefined where they have it already. */
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
    // A turn's first task says itself of which version it is: the state before it may have nothing in it.
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

/** A version that no channel has. Versions that are texts only some savers know, which keep whole checkpoints. */
function nextVersion(versions: Versions, saver: BaseCheckpointSaver): Versions[string] {
  const numbers = Object.values(versions).filter((version) => typeof version === "number");
  return saver.getNextVersion(numbers.length === 0 ? undefined : Math.max(...numbers));
}

function pick(versions: Versions, channels: readonly string[]): Versions {
  return Object.fromEntries(Object.entries(versions).filter(([channel]) => channels.includes(channel)));
}
