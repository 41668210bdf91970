import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { type PlanExecuteOptions, type Requester, userNamespace } from "langgraph-plan-execute";

/** The folder that a graph writes to, or a function that chooses it by the requester. */
export type Workspace = string | ((requester: Pick<Requester, "userId">) => string);

/** What the graph of a field takes besides an agent's options. */
export interface FieldGraphOptions<Place extends Workspace = string> extends PlanExecuteOptions {
  /** The folder of the data that it reads. @default PLAN_EXECUTE_DATA/<field> if that exists, else the example's */
  readonly data?: string;
  /**
   * The folder that it writes to. It is made when it is needed.
   * @default .plan-execute/<field> in PLAN_EXECUTE_ROOT, or here
   */
  readonly workspace?: Place;
}

/** Separates a field's folders from the agent's options. */
export function takeFolders<Place extends Workspace>(
  field: string,
  { data, workspace, ...options }: FieldGraphOptions<Place>,
) {
  const { PLAN_EXECUTE_DATA, PLAN_EXECUTE_ROOT } = process.env;
  const given = PLAN_EXECUTE_DATA === undefined ? undefined : join(PLAN_EXECUTE_DATA, field);
  const example = join(import.meta.dirname, "..", field, "data");
  return {
    data: resolve(data ?? (given !== undefined && existsSync(given) ? given : example)),
    workspace:
      typeof workspace === "function"
        ? workspace
        : resolve(workspace ?? join(PLAN_EXECUTE_ROOT || process.cwd(), ".plan-execute", field)),
    options,
  };
}

/** The folder to write to for one requester. */
export function workspaceFor(workspace: Workspace, requester: Pick<Requester, "userId">): string {
  return typeof workspace === "string" ? workspace : workspace(requester);
}

/**
 * Where graphs that a server runs keep what they write: in PLAN_EXECUTE_ROOT, else in the operating system's place
 * for users' data. It is never the folder that the server was started in. The server might load and run what is
 * written there, and its own files there hold everybody's threads.
 */
export function servedFolder(): string {
  const { PLAN_EXECUTE_ROOT, XDG_DATA_HOME = "" } = process.env;
  if (PLAN_EXECUTE_ROOT) {
    return join(resolve(PLAN_EXECUTE_ROOT), ".plan-execute");
  }
  return join(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), ".local/share"), "plan-execute");
}

/** A folder for each user of a graph that a server runs. Users whom no server has authenticated share one. */
export function servedWorkspace(graph: string): (requester: Pick<Requester, "userId">) => string {
  const users = join(servedFolder(), "users");
  return ({ userId }) => join(users, toFolderName(userId), graph);
}

/**
 * Uses the digest of an identity, because an identity may hold anything, of any length, and file systems may take
 * "Ann" for "ann".
 */
function toFolderName(userId: string | undefined): string {
  const label = userNamespace({ configurable: { langgraph_auth_user_id: userId } }).join("/");
  const digest = createHash("sha256").update(label).digest("hex").slice(0, 32);
  const readable = (userId ?? "anybody").replace(/[^A-Za-z0-9]+/g, "-").slice(0, 32);
  return `${readable}-${digest}`;
}
