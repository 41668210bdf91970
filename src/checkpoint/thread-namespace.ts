/**
 * Where a thread's own entries stand in a store: everything that this package keeps of a thread is under it, so that
 * whoever deletes the thread can delete them too. A store's labels hold no full stop.
 */
export function threadNamespace(threadId: string): string[] {
  return ["plan-execute", encodeURIComponent(threadId).replaceAll(".", "%2E")];
}
