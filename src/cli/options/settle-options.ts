// The options of a thread are kept in the store, below the thread's own namespace, so that they are encrypted and
// deleted with the thread. They cannot be in the metadata of checkpoints, because a change from outside makes a
// checkpoint without that metadata.
import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { BaseStore, type Operation, type OperationResults } from "@langchain/langgraph";
import { z } from "zod";
import { toMilliseconds } from "../../base/index.js";
import { threadNamespace } from "../../checkpoint/index.js";
import { PLAN_APPROVALS } from "../../options/index.js";
import { locateGraph } from "../load-graph.js";
import { UsageError } from "../surroundings.js";
import type { Threads } from "../threads.js";
import { flagOf, type TypedOptions, typedOptionsSchema } from "./option-values.js";

/** The options that are kept with a thread. */
interface KeptOptions {
  /** Whether the thread exists. */
  readonly hasThread: boolean;
  /** The options of the current turn. Undefined if none were kept. */
  readonly options?: TypedOptions;
  /** Keeps options. The options of a new turn apply as soon as that turn has begun. */
  keep(options: TypedOptions, isNewTurn: boolean): Promise<void>;
}

const entrySchema = z.strictObject({
  options: typedOptionsSchema,
  /**
   * The options before the new turn. They apply as long as this is the thread's newest checkpoint, because a process
   * may die before its turn begins.
   */
  before: z.strictObject({ checkpointId: z.string(), options: typedOptionsSchema }).optional(),
});

const LABEL = "command-line";
const KEY = "options";

/** Reads the options that are kept with a thread. The caller must hold the thread with `withThreadLock`. */
export async function openKeptOptions(
  { store, retention }: Pick<Threads, "store" | "retention">,
  threadId: string,
): Promise<KeptOptions> {
  const checkpointId = (await retention.checkpointIds(threadId)).get("")?.[0];
  const namespace = [...threadNamespace(threadId), LABEL];
  // The options may exist before the thread does, because a process may die before its first turn begins.
  const item = await store.get(namespace, KEY);
  let entry = item === null ? undefined : readEntry(item.value, threadId);
  const isBefore = entry?.before !== undefined && entry.before.checkpointId === checkpointId;
  const options = isBefore ? entry?.before?.options : entry?.options;
  return {
    hasThread: checkpointId !== undefined,
    options,
    async keep(next, isNewTurn) {
      const isOther = options !== undefined && !isDeepStrictEqual(next, options);
      const before =
        isNewTurn && isOther && checkpointId !== undefined ? { checkpointId, options } : undefined;
      const kept = { options: next, ...(before === undefined ? {} : { before }) };
      if (isDeepStrictEqual(kept, entry)) {
        return;
      }
      await store.put(namespace, KEY, kept, false);
      entry = kept;
    },
  };
}

function readEntry(value: unknown, threadId: string): z.infer<typeof entrySchema> {
  const { success, data, error: cause } = entrySchema.safeParse(value);
  if (success) {
    return data;
  }
  const advice = "Go on with the version of this package that kept them, or begin another thread.";
  throw new UsageError(`The options that are kept with the thread ${threadId} cannot be read. ${advice}`, {
    cause,
  });
}

/** The store that an agent and its tools get. It refuses writes to the options that are kept here. */
export class AgentStore extends BaseStore {
  readonly #store: BaseStore;

  constructor(store: BaseStore) {
    super();
    this.#store = store;
  }

  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    if (operations.some(isWriteHere)) {
      throw new Error("The options of a thread are the command line's: nothing else can write them.");
    }
    return this.#store.batch(operations);
  }
}

function isWriteHere(operation: Operation): boolean {
  if (!("value" in operation)) {
    return false;
  }
  const [root, , label, ...more] = operation.namespace;
  return root === threadNamespace("")[0] && label === LABEL && more.length === 0;
}

/** A call of the command on a thread. */
interface ThreadCall {
  /** The options in the call. */
  readonly given: TypedOptions;
  /** The options that are kept with the thread. Undefined if there are none. */
  readonly kept: TypedOptions | undefined;
  /** Whether the call begins a turn. Otherwise it goes on with the current one. */
  readonly isNewTurn: boolean;
  /** The folder in which the command was called. */
  readonly folder: string;
}

/**
 * Decides which options apply to a call, and to the thread from then on. A given option replaces the kept one, and all
 * other kept options stay. The approvals of the current turn can only be extended, whoever goes on with it. Paths are
 * kept absolute, because the next call may come from another folder.
 */
export function settleOptions({ given: typed, kept, isNewTurn, folder }: ThreadCall): TypedOptions {
  const { graph } = typed;
  const given = graph === undefined ? typed : { ...typed, graph: locateGraph(String(graph), folder) };
  const { root, allowHttp, plans, ...others } = kept ?? {};
  // A graph brings its own tools and plans, so the kept options of the built-in tools no longer apply.
  const settled: TypedOptions = { ...(graph === undefined ? kept : others), ...given };
  if (!isNewTurn && kept !== undefined) {
    assertNothingLess(given, kept);
    const tools = new Set([...namesOf(kept), ...namesOf(given)]);
    if (tools.size > 0) {
      settled.approveTools = [...tools].join(",");
    }
  }
  if (settled.graph === undefined) {
    settled.root = resolve(folder, String(settled.root ?? "."));
  }
  if (settled.plans !== undefined) {
    settled.plans = resolve(folder, String(settled.plans));
  }
  return settled;
}

function namesOf({ approveTools = "" }: TypedOptions): string[] {
  return String(approveTools)
    .split(",")
    .flatMap((name) => name.trim() || []);
}

function assertNothingLess(given: TypedOptions, kept: TypedOptions): void {
  const { approvePlan: plan, approvalExpiresAfter: time, graph } = given;
  const isLess = {
    approvePlan: plan !== undefined && rankOf(plan) < rankOf(kept.approvePlan),
    approvalExpiresAfter: msOf(time) > msOf(kept.approvalExpiresAfter),
    // The code of a graph says which calls wait, so another graph could let more pass.
    graph: graph !== undefined && graph !== toLocated(kept.graph) && !hasMoved(kept.graph),
  };
  for (const name of ["approvePlan", "approvalExpiresAfter", "graph"] as const) {
    if (!isLess[name]) {
      continue;
    }
    throw new UsageError(
      `${flagOf(name)} "${given[name]}" could let pass what waits for you in the turn that is there, which has ` +
        `${kept[name] === undefined ? "none" : `"${kept[name]}"`}. Leave it out, or give a goal: that begins a new turn.`,
    );
  }
}

/** A graph that was kept may be spelt in the other way. A path that was kept is absolute. */
function toLocated(graph: TypedOptions["graph"]): string | undefined {
  return graph === undefined ? undefined : locateGraph(String(graph), "/");
}

function rankOf(plan: TypedOptions["approvePlan"] = "never"): number {
  const order: readonly unknown[] = PLAN_APPROVALS;
  return order.indexOf(plan);
}

/**
 * Converts a time to milliseconds. Without one it returns NaN, which is never greater than the kept time and which no
 * given time exceeds.
 */
function msOf(time: TypedOptions["approvalExpiresAfter"]): number {
  return time === undefined ? Number.NaN : (toMilliseconds(String(time)) ?? Number.NaN);
}

/** Whether a graph's file no longer exists. Then the call may give another graph in its place. */
function hasMoved(graph: TypedOptions["graph"]): boolean {
  return typeof graph === "string" && isAbsolute(graph) && !existsSync(graph);
}
