import type { PackageLoader } from "../langgraph/index.js";
import type { AgentTool } from "../tools/index.js";
import { loadMcpPackages, type McpPackages } from "./load-packages.js";
import { ServerConnection } from "./server-connection.js";
import type { McpServer } from "./server-options.js";
import { loadServerTools } from "./server-tools.js";

/** The MCP servers of one agent. None of them is started before its tools are asked for. */
export interface McpServers {
  /**
   * The tools of all servers. A list is the same as the last one if nothing has changed since. Rejects if a server
   * cannot be used; the others stay connected, and the next call tries again.
   */
  tools(): Promise<readonly AgentTool[]>;
  /** Ends the servers. If their tools are asked for or called again, they are started again. */
  close(): Promise<void>;
}

/** What one server offers. */
interface Offer {
  readonly connection: ServerConnection;
  load(): Promise<readonly AgentTool[]>;
}

/** Makes the servers known. Nothing is started yet. */
export function openMcpServers(
  servers: Readonly<Record<string, McpServer>>,
  load?: PackageLoader,
): McpServers {
  let loading: Promise<McpPackages> | undefined;
  const packages = () => {
    loading ??= loadMcpPackages(load).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const offers = Object.entries(servers).map(([name, server]) => createOffer(name, server, packages));
  let last: { readonly lists: readonly unknown[]; readonly tools: readonly AgentTool[] } | undefined;
  return {
    async tools() {
      const settled = await Promise.allSettled(offers.map((offer) => offer.load()));
      const lists = settled.map((one) => {
        if (one.status === "rejected") {
          throw one.reason;
        }
        return one.value;
      });
      const known = last;
      if (known === undefined || lists.some((list, index) => list !== known.lists[index])) {
        last = { lists, tools: lists.flat() };
        return last.tools;
      }
      return known.tools;
    },
    async close() {
      await Promise.all(offers.map(({ connection }) => connection.close()));
    },
  };
}

function createOffer(name: string, server: McpServer, packages: () => Promise<McpPackages>): Offer {
  const connection = new ServerConnection(name, server, packages);
  let listed: { readonly changes: number; readonly tools: readonly AgentTool[] } | undefined;
  let loading: Promise<readonly AgentTool[]> | undefined;
  const load = async () => {
    if (listed?.changes !== connection.changes) {
      const loaded = await packages();
      // Once the server runs: to start it counts as a change.
      const changes = await connection.request(async () => connection.changes);
      listed = { changes, tools: await loadServerTools(name, server, connection, loaded) };
    }
    return listed.tools;
  };
  return {
    connection,
    load() {
      loading ??= load().finally(() => {
        loading = undefined;
      });
      return loading;
    },
  };
}
