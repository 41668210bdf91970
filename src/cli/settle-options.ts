import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { toMilliseconds } from "../policy/index.js";
import { locateGraph } from "./load-graph.js";
import { flagOf, PLAN_APPROVALS, type TypedOptions } from "./option-values.js";
import { UsageError } from "./usage-error.js";

/** A call on a thread. */
export interface ThreadCall {
  /** The options that it gives. */
  readonly given: TypedOptions;
  /** What is kept with the thread; undefined where nothing is. */
  readonly kept: TypedOptions | undefined;
  /** Whether it begins a turn, or goes on with the one that is there. */
  readonly isNewTurn: boolean;
  /** The current folder. */
  readonly folder: string;
}

/**
 * The options that hold for a call, and for the thread from then on. What is given replaces what was kept; what is not
 * given stays. A turn that is there keeps its approvals: they can only be added to, whoever goes on with it. Paths are
 * kept whole, since the next call may come from another folder.
 */
export function settleOptions({ given: typed, kept, isNewTurn, folder }: ThreadCall): TypedOptions {
  const { graph } = typed;
  const given = graph === undefined ? typed : { ...typed, graph: locateGraph(String(graph), folder) };
  const { root, allowHttp, ...others } = kept ?? {};
  // A graph brings its own tools: what was kept for the built-in ones has no use any more.
  const settled: TypedOptions = { ...(graph === undefined ? kept : others), ...given };
  if (!isNewTurn && kept !== undefined) {
    assertNothingLess(given, kept);
    const tools = new Set([...namesOf(kept), ...namesOf(given)]);
    if (tools.size > 0) settled.approveTools = [...tools].join(",");
  }
  if (settled.graph === undefined) settled.root = resolve(folder, String(settled.root ?? "."));
  return settled;
}

function namesOf({ approveTools = "" }: TypedOptions): string[] {
  return String(approveTools)
    .split(",")
    .flatMap((name) => name.trim() || []);
}

function assertNothingLess(given: TypedOptions, kept: TypedOptions): void {
  const { approvePlan: plan, approvalExpiresAfter: time, graph } = given;
  const isLess = {
    approvePlan: plan !== undefined && rankOf(plan) < rankOf(kept.approvePlan),
    approvalExpiresAfter: msOf(time) > msOf(kept.approvalExpiresAfter),
    // What a graph lets wait stands in its code.
    graph: graph !== undefined && graph !== kept.graph && !hasMoved(kept.graph),
  };
  for (const name of ["approvePlan", "approvalExpiresAfter", "graph"] as const) {
    if (!isLess[name]) continue;
    throw new UsageError(
      `${flagOf(name)} "${given[name]}" could let pass what waits for you in the turn that is there, which has ` +
        `${kept[name] === undefined ? "none" : `"${kept[name]}"`}. Leave it out, or give a goal: that begins a new turn.`,
    );
  }
}

function rankOf(plan: TypedOptions["approvePlan"] = "never"): number {
  const order: readonly unknown[] = PLAN_APPROVALS;
  return order.indexOf(plan);
}

/** Without a time a request waits for ever; what is not given is never longer than what was kept. */
function msOf(time: TypedOptions["approvalExpiresAfter"]): number {
  return time === undefined ? Number.NaN : (toMilliseconds(String(time)) ?? Number.NaN);
}

/** Whether a graph's file is no longer where it was: then the one that is given takes its place. */
function hasMoved(graph: TypedOptions["graph"]): boolean {
  return typeof graph === "string" && isAbsolute(graph) && !existsSync(graph);
}
