// LangGraph names each task in `checkpoint_ns`: `node:taskId`, and inside another graph `outer:taskId|node:taskId`.

/** The namespace of the graph that a node with this namespace belongs to. */
export function namespaceOfGraph(namespace: unknown): string {
  return typeof namespace === "string" ? namespace.split("|").slice(0, -1).join("|") : "";
}

/** Whether a node with this namespace is in a graph that is a part of another one. */
export function isInsideGraph(namespace: unknown): boolean {
  return typeof namespace === "string" && namespace.includes("|");
}

/** The id of the task whose namespace this is, which LangGraph makes from the checkpoint before it. */
export function taskIdIn(namespace: unknown): string | undefined {
  return typeof namespace === "string" ? /:([^:|]+)$/.exec(namespace)?.[1] : undefined;
}
