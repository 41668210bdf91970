import type { NamedAttack } from "../case.js";

/** LangGraph's development server, which all cases share. */
export interface RunningServer {
  readonly url: string;
  /** The server's own folder. */
  readonly folder: string;
}

/** The server's users, by their tokens. */
export const users = {
  "token of ann": { identity: "ann" },
  "token of bob": { identity: "bob" },
} as const;

/** A user's token. */
export type Token = keyof typeof users;

/** Cases that attack the server; each makes many requests. */
export function onServer(cases: readonly NamedAttack[]): NamedAttack[] {
  return cases.map((attack) => ({ ...attack, needsServer: true, deadlineMs: 60_000 }));
}
