/** What a person's reply to "approve, edit or reject?" means. */
export type Reply =
  | { readonly kind: "approve" | "edit" | "all" | "back" | "show" | "leave" | "help" }
  | { readonly kind: "reject"; readonly words: string };

const REPLIES: ReadonlyMap<string, Reply["kind"]> = new Map([
  ...["a", "y", "yes", "approve"].map((word) => [word, "approve"] as const),
  ...["r", "n", "no", "reject"].map((word) => [word, "reject"] as const),
  ...["e", "edit"].map((word) => [word, "edit"] as const),
  ...["b", "back"].map((word) => [word, "back"] as const),
  ...["s", "show"].map((word) => [word, "show"] as const),
  ...["q", "quit", "later"].map((word) => [word, "leave"] as const),
  ["all", "all"],
]);

/** Reads a reply. What is not understood asks for help: only a rejection may be followed by words. */
export function readReply(line: string): Reply {
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(line) ?? [];
  const kind = REPLIES.get(word.toLowerCase()) ?? "help";
  if (kind === "reject") return { kind, words: rest };
  return { kind: rest === "" ? kind : "help" };
}
