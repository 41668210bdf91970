import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type PlanExecuteOptions, type Requester, userNamespace } from "langgraph-plan-execute";

/** The folder that a graph writes to, or what says which one it is for whom it works. */
export type Workspace = string | ((requester: Pick<Requester, "userId">) => string);

/** What the graph of a field takes beside an agent's options. */
export interface FieldGraphOptions<Place extends Workspace = string> extends PlanExecuteOptions {
  /** The folder of the data that it reads. @default PLAN_EXECUTE_DATA/<field> where that is there, else the example's */
  readonly data?: string;
  /** The folder that it writes to; made when it is needed. @default .plan-execute/<field> in PLAN_EXECUTE_ROOT, or here */
  readonly workspace?: Place;
}

/** The folders of a field's graph, and the options that are the agent's. */
export function takeFolders<Place extends Workspace>(
  field: string,
  { data, workspace, ...options }: FieldGraphOptions<Place>,
) {
  const { PLAN_EXECUTE_DATA, PLAN_EXECUTE_ROOT } = process.env;
  const given = PLAN_EXECUTE_DATA === undefined ? undefined : join(PLAN_EXECUTE_DATA, field);
  const example = fileURLToPath(new URL(`../${field}/data`, import.meta.url));
  return {
    data: resolve(data ?? (given !== undefined && existsSync(given) ? given : example)),
    workspace:
      typeof workspace === "function"
        ? workspace
        : resolve(workspace ?? join(PLAN_EXECUTE_ROOT || process.cwd(), ".plan-execute", field)),
    options,
  };
}

/** The folder that is written to for one requester. */
export function workspaceFor(workspace: Workspace, requester: Pick<Requester, "userId">): string {
  return typeof workspace === "string" ? workspace : workspace(requester);
}

/**
 * Where graphs that a server runs keep what they write: in PLAN_EXECUTE_ROOT, else where the operating system has
 * users' data. Never in the folder that the server was started in: what is written there it might load and run, and
 * its own files there have everybody's threads.
 */
export function servedFolder(): string {
  const { PLAN_EXECUTE_ROOT, XDG_DATA_HOME = "" } = process.env;
  if (PLAN_EXECUTE_ROOT) {
    return join(resolve(PLAN_EXECUTE_ROOT), ".plan-execute");
  }
  return join(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), ".local/share"), "plan-execute");
}

/** A folder for each user of a graph that a server runs; those whom no server has authenticated share one. */
export function servedWorkspace(graph: string): (requester: Pick<Requester, "userId">) => string {
  const users = join(servedFolder(), "users");
  return ({ userId }) => join(users, toFolderName(userId), graph);
}

/** By the digest of an identity, which may hold anything, of any length; file systems may take "Ann" for "ann". */
function toFolderName(userId: string | undefined): string {
  const label = userNamespace({ configurable: { langgraph_auth_user_id: userId } }).join("/");
  const digest = createHash("sha256").update(label).digest("hex").slice(0, 32);
  const readable = (userId ?? "anybody").replace(/[^A-Za-z0-9]+/g, "-").slice(0, 32);
  return `${readable}-${digest}`;
}
