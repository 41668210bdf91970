import type { Database } from "../shared/open-database.js";
import type { RunFacts } from "./run-facts.js";
import { SupportError } from "./support-error.js";

/**
 * Who asks. Where the server authenticates its users, a customer sees what is theirs and staff see everything; where
 * nobody is authenticated (a program, the command line) whoever runs the graph sees everything.
 */
export type Viewer =
  | { readonly kind: "anybody" }
  | { readonly kind: "staff" }
  | { readonly kind: "customer"; readonly customers: ReadonlySet<string> };

/** Who asks in this run; throws where the server's user is neither a customer nor staff. */
export function viewerOf(database: Database, { identity }: Pick<RunFacts, "identity">): Viewer {
  if (identity.length === 0) return { kind: "anybody" };
  if (identity.some((name) => roleOf(database, name) !== undefined)) return { kind: "staff" };
  const customers = identity.flatMap((name) =>
    database
      .prepare("select customer from customers where customer = ? or email = ? collate nocase")
      .all(name, name)
      .map(({ customer }) => String(customer)),
  );
  if (customers.length > 0) return { kind: "customer", customers: new Set(customers) };
  throw new SupportError(
    `"${identity[0]}" is neither a customer (e-mail address or customer number) nor on the staff (staff.csv), and sees nothing.`,
  );
}

/** Whether the viewer may see a customer's data. */
export function maySee(viewer: Viewer, customer: string): boolean {
  return viewer.kind !== "customer" || viewer.customers.has(customer);
}

/** What a person on the staff may decide; undefined for everybody else. */
export function roleOf(database: Database, name: string): "agent" | "manager" | undefined {
  const role = database.prepare("select role from staff where identity = ?").get(name)?.role;
  return role === "agent" || role === "manager" ? role : undefined;
}
