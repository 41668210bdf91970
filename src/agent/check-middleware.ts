import { findStateFaults, isCallable } from "../langgraph/index.js";
import { OptionsError } from "../options/index.js";
import { createToolRegistry, type ToolRegistry, ToolRegistryError } from "../tools/index.js";

const HOOKS = ["beforeAgent", "beforeModel", "afterModel", "afterAgent"] as const;
const WRAPPERS = ["wrapModelCall", "wrapToolCall"] as const;
/** Where a hook may jump to. */
const TARGETS = new Set<unknown>(["model", "tools", "end"]);
/** The names of our own middleware. LangChain refuses two middlewares with the same name. */
const OUR_NAMES = new Set(["PlanExecuteStep", "PlanExecuteCalls"]);
/** Middleware of LangChain that cannot do its work in an agent step: why not, and what to use instead. */
const INSTEAD = new Map([
  ["HumanInTheLoopMiddleware", "it interrupts the run, which an agent step cannot; use approval.tools"],
]);

/**
 * Throws an `OptionsError` if a middleware cannot be used. Returns the tools that the middleware brings along. Only
 * agent steps have these tools.
 */
export function assertMiddleware(middleware: readonly unknown[], registry: ToolRegistry): ToolRegistry {
  const names = new Set<string>();
  const problems = middleware.flatMap((one, index) => {
    const where = `executor.middleware.${index}`;
    if (!isRecord(one)) {
      return [`${where}: must be what createMiddleware of langchain makes`];
    }
    const { name } = one;
    if (typeof name !== "string" || !/^[^:|]+$/.test(name)) {
      return [`${where}: must have a name, without ":" and "|"`];
    }
    const isTaken = names.has(name) || OUR_NAMES.has(name);
    names.add(name);
    const named = `${where} (${name})`;
    return [
      ...(isTaken ? [`${named}: another middleware has this name`] : []),
      ...[INSTEAD.get(name)].flatMap((instead) => (instead === undefined ? [] : [`${named}: ${instead}`])),
      ...findHookFaults(one, named),
      ...findStateFaults(one.stateSchema).map((fault) => `${named}: ${fault}`),
    ];
  });
  if (problems.length > 0) {
    throw new OptionsError("The options of createPlanExecuteAgent", problems);
  }
  return readTools(middleware.filter(isRecord), registry);
}

function findHookFaults(one: Record<string, unknown>, named: string): string[] {
  const wrappers = WRAPPERS.filter((hook) => one[hook] !== undefined && typeof one[hook] !== "function");
  const hooks = HOOKS.filter((hook) => one[hook] !== undefined && !isHook(one[hook]));
  const hasNone = [...WRAPPERS, ...HOOKS].every((hook) => one[hook] === undefined) && one.tools === undefined;
  return [
    ...wrappers.map((hook) => `${named}: ${hook} must be a function`),
    ...hooks.map(
      (hook) =>
        `${named}: ${hook} must be a function, or { hook, canJumpTo } with "model", "tools" or "end" to jump to`,
    ),
    ...(hasNone ? [`${named}: it has neither a hook nor a tool`] : []),
  ];
}

function isHook(hook: unknown): boolean {
  if (!isRecord(hook)) {
    return typeof hook === "function";
  }
  const { canJumpTo = [] } = hook;
  return (
    typeof hook.hook === "function" &&
    Array.isArray(canJumpTo) &&
    canJumpTo.every((target) => TARGETS.has(target))
  );
}

function readTools(middleware: readonly Record<string, unknown>[], registry: ToolRegistry): ToolRegistry {
  const problems: string[] = [];
  const tools = middleware.flatMap(({ name, tools: brought }, index) => {
    const where = `executor.middleware.${index} (${name}): tools`;
    if (brought !== undefined && !Array.isArray(brought)) {
      problems.push(`${where} must be a list`);
      return [];
    }
    // A provider's own tool is only a description. The provider calls it.
    const called = (brought ?? []).filter((tool: unknown) => isRecord(tool) && isCallable(tool));
    for (const tool of called) {
      if (registry.has(tool.name)) {
        problems.push(`${where}: "${tool.name}" is the name of one of the agent's own tools`);
      }
    }
    return called;
  });
  if (problems.length > 0) {
    throw new OptionsError("The options of createPlanExecuteAgent", problems);
  }
  try {
    return createToolRegistry(tools);
  } catch (error) {
    if (error instanceof ToolRegistryError) {
      const problem = `executor.middleware: ${error.message}`;
      throw new OptionsError("The options of createPlanExecuteAgent", [problem]);
    }
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
