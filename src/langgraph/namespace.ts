// LangGraph names each task in `checkpoint_ns`: `node:taskId`, and inside another graph `outer:taskId|node:taskId`.

/** Returns the namespace of the graph that a node with this namespace belongs to. */
export function namespaceOfGraph(namespace: unknown): string {
  return typeof namespace === "string" ? namespace.split("|").slice(0, -1).join("|") : "";
}

/** Whether a node with this namespace belongs to a graph that is part of another graph. */
export function isInsideGraph(namespace: unknown): boolean {
  return typeof namespace === "string" && namespace.includes("|");
}

/** Returns the id of the task with this namespace. LangGraph makes the id from the checkpoint before the task. */
export function taskIdIn(namespace: unknown): string | undefined {
  return typeof namespace === "string" ? /:([^:|]+)$/.exec(namespace)?.[1] : undefined;
}
