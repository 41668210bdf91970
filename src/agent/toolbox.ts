import { openMcpServers } from "../mcp/index.js";
import {
  type AgentSettings,
  assertToolNames,
  type PlanExecuteOptions,
  preparePlans,
} from "../options/index.js";
import type { PreparedPlan } from "../plan/index.js";
import {
  type AgentTool,
  createToolChooser,
  createToolRegistry,
  type ToolChooser,
  type ToolRegistry,
} from "../tools/index.js";
import { assertMiddleware } from "./check-middleware.js";

/** What an agent can do with the tools that it has now. */
interface Equipment {
  readonly registry: ToolRegistry;
  /** Chooses from the tools where they are many. */
  readonly chooser: ToolChooser;
  /** The tools that middleware brings along. */
  readonly brought: ToolRegistry;
  /** The saved plans. */
  readonly plans: readonly PreparedPlan[];
}

/** The tools of an agent. */
export interface Toolbox {
  /** What there is now. The tools of MCP servers are missing before the agent was made ready. */
  readonly current: Equipment;
  /** Starts the MCP servers that do not run, and takes their tools. Rejects if a server or a name cannot be used. */
  ready(): Promise<void>;
  /** Ends the MCP servers. A later run starts them again. */
  close(): Promise<void>;
}

/**
 * Takes the tools that the options name. The tools of MCP servers are not known before a server runs, and an agent is
 * built without waiting. So what the options say of tools by name is checked at once if there are no servers, and
 * otherwise before the first run begins.
 */
export function createToolbox(options: PlanExecuteOptions, settings: AgentSettings): Toolbox {
  const { mcp = {}, project } = options;
  const tools = [...(options.tools ?? []), ...(project?.tools ?? [])];
  const savedPlans = [...settings.plans, ...(project?.plans ?? [])];
  const { toolSearch, executor, modelTimeoutMs: timeoutMs } = settings;
  const { readOnlyTools, middleware } = executor;
  const workers = Object.entries(settings.workers).map(([name, { description }]) => ({ name, description }));
  const chooserOf = (registry: ToolRegistry) => createToolChooser(registry, { ...toolSearch, timeoutMs });
  const equip = (more: readonly AgentTool[]): Equipment => {
    const registry = createToolRegistry([...tools, ...more], { readOnlyTools, workers });
    const brought = assertMiddleware(middleware, registry);
    assertToolNames(settings, [registry, brought]);
    return { registry, chooser: chooserOf(registry), brought, plans: preparePlans(savedPlans, registry) };
  };
  if (Object.keys(mcp).length === 0) {
    return { current: equip([]), ready: async () => {}, close: async () => {} };
  }
  const servers = openMcpServers(mcp);
  const own = createToolRegistry(tools, { workers });
  let current: Equipment = {
    registry: own,
    chooser: chooserOf(own),
    brought: assertMiddleware(middleware, own),
    plans: [],
  };
  let taken: readonly AgentTool[] | undefined;
  return {
    get current() {
      return current;
    },
    async ready() {
      const offered = await servers.tools();
      if (offered !== taken) {
        current = equip(offered);
        taken = offered;
      }
    },
    close: servers.close,
  };
}
