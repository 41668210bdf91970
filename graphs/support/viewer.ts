import type { Database } from "../shared/open-database.js";
import type { AuthenticatedUser, RunFacts } from "./run-facts.js";
import { SupportError } from "./support-error.js";

/**
 * Who asks. Where the server authenticates its users, a customer sees what is theirs and staff see everything; where
 * nobody is authenticated (a program, the command line) whoever runs the graph sees everything.
 */
export type Viewer =
  | { readonly kind: "anybody" }
  | { readonly kind: "staff" }
  | { readonly kind: "customer"; readonly customers: ReadonlySet<string> };

/** What a person on the staff may decide. */
export type Role = "agent" | "manager";

/** Who asks in this run; throws where the server's user is neither a customer nor staff. */
export function viewerOf(database: Database, { user }: Pick<RunFacts, "user">): Viewer {
  if (user === undefined) {
    return { kind: "anybody" };
  }
  if (roleOf(database, user.id, user) !== undefined) {
    return { kind: "staff" };
  }
  const customers = [user.id, ...(user.email === undefined ? [] : [user.email])].flatMap((name) =>
    database
      .prepare("select customer from customers where customer = ? or email = ? collate nocase")
      .all(name, name)
      .map(({ customer }) => String(customer)),
  );
  if (customers.length > 0) {
    return { kind: "customer", customers: new Set(customers) };
  }
  throw new SupportError(
    `"${user.id}" is neither a customer (e-mail address or customer number) nor on the staff (staff.csv, or the permission "staff"), and sees nothing.`,
  );
}

/** Whether the viewer may see a customer's data. */
export function maySee(viewer: Viewer, customer: string): boolean {
  return viewer.kind !== "customer" || viewer.customers.has(customer);
}

/**
 * What somebody may decide: by the staff's file, or where they are the run's own user by the permissions that the
 * server gave them ("staff", "manager"). Undefined for everybody else.
 */
export function roleOf(database: Database, name: string, user?: AuthenticatedUser): Role | undefined {
  const role = database.prepare("select role from staff where identity = ?").get(name)?.role;
  if (role === "agent" || role === "manager") {
    return role;
  }
  if (user?.id !== name) {
    return undefined;
  }
  if (user.permissions.includes("manager")) {
    return "manager";
  }
  return user.permissions.includes("staff") ? "agent" : undefined;
}
