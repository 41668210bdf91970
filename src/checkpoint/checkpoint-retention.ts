/** What can be asked of a database to keep it small; `deleteThreadsOlderThan` and `trimThread` are made of it. */
export type CheckpointRetention = {
  /** The threads whose newest checkpoint has a smaller id than this one, each with that newest id. */
  readonly threadsBefore: (checkpointId: string) => Promise<{ threadId: string; newestId: string }[]>;
  /** A thread's checkpoints, newest first, by namespace. */
  readonly checkpointIds: (threadId: string) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Removes the checkpoints of a namespace that have smaller ids, and what only they needed; returns how many. */
  readonly removeBefore: (threadId: string, namespace: string, checkpointId: string) => Promise<number>;
};

/** Gathers rows that come newest first. */
export function groupIds(
  rows: readonly { readonly checkpoint_ns: string; readonly checkpoint_id: string }[],
): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { checkpoint_ns, checkpoint_id } of rows) {
    const group = ids.get(checkpoint_ns);
    if (group === undefined) ids.set(checkpoint_ns, [checkpoint_id]);
    else group.push(checkpoint_id);
  }
  return ids;
}
