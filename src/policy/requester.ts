/** For whom a run works: policies and checks are told it beside what they judge. */
export interface Requester {
  /** The user's identity, as the server authenticated them; undefined where nobody did. */
  readonly userId?: string;
  /** What else the server knows of the user: a display name, permissions, claims. */
  readonly user?: Readonly<Record<string, unknown>>;
  readonly threadId?: string;
}
