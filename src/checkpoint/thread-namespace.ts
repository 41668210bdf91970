/**
 * Where a thread's own entries stand in a store: everything that this package keeps of a thread is under it, so that
 * whoever deletes the thread can delete them too. Thread ids may hold anything; a store's labels may not hold what
 * separates them or what LIKE reads as a pattern, and the stores find a prefix as text, where "1" is the beginning of
 * "10". So everything but letters, digits and hyphens is written as its number, and the label has an end of its own.
 */
export function threadNamespace(threadId: string): string[] {
  return ["plan-execute", toNamespaceLabel(threadId)];
}

/** Any text as a label of a store's namespace; no other text's label begins with it. */
export function toNamespaceLabel(text: string): string {
  return `${text.replace(/[^A-Za-z0-9-]/g, (unit) => `~${unit.charCodeAt(0).toString(16)}~`)}!`;
}
