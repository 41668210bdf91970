import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlanExecuteOptions } from "langgraph-plan-execute";

/** What the graph of a field takes beside an agent's options. */
export interface FieldGraphOptions extends PlanExecuteOptions {
  /** The folder of the data that it reads. @default PLAN_EXECUTE_DATA/<field> where that is there, else the example's */
  readonly data?: string;
  /** The folder that it writes to; made when it is needed. @default .plan-execute/<field> in PLAN_EXECUTE_ROOT, or here */
  readonly workspace?: string;
}

/** The folders of a field's graph, and the options that are the agent's. */
export function takeFolders(field: string, { data, workspace, ...options }: FieldGraphOptions) {
  const { PLAN_EXECUTE_DATA, PLAN_EXECUTE_ROOT } = process.env;
  const given = PLAN_EXECUTE_DATA === undefined ? undefined : join(PLAN_EXECUTE_DATA, field);
  const example = fileURLToPath(new URL(`../${field}/data`, import.meta.url));
  return {
    data: resolve(data ?? (given !== undefined && existsSync(given) ? given : example)),
    workspace: resolve(workspace ?? join(PLAN_EXECUTE_ROOT ?? process.cwd(), ".plan-execute", field)),
    options,
  };
}
