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
  "token of carol": { identity: "carol" },
  "token of archer": { identity: "ann.archer@example.com" },
} as const;

/** A user's token. */
export type Token = keyof typeof users;
