import { v5 } from "@langchain/core/utils/uuid";
import { Client } from "@langchain/langgraph-sdk";

/** The namespace of the assistants' ids, so that a server that starts again finds those that it made. */
const NAMESPACE = "3f1f6c5e-8d5b-4c1b-9a53-2f0f5f7b1c11";
/** The headers by which a server knows who asks. */
const WHO = ["authorization", "x-api-key"];

/**
 * Creates a function that makes an assistant for each of a graph's agents, once, with the rights of whoever sent the
 * request with these headers. One that is there already stays as it is. The function is for a server that gets
 * requests: a server that is asked before it has started, also by itself, does not start.
 */
export function createOffer(
  graphId: string,
  names: () => readonly string[],
): (headers: Headers) => Promise<void> {
  let making: Promise<void> | undefined;
  return async (headers) => {
    making ??= make(graphId, names(), headers).catch((error: unknown) => {
      making = undefined;
      // Some of a server's paths ask nobody who they are. The next request may come from somebody known.
      if (!isRefused(error)) {
        const why = error instanceof Error ? error.message : String(error);
        process.emitWarning(`The assistants of the graph "${graphId}" could not be made: ${why}`);
      }
    });
    await making;
  };
}

function isRefused(error: unknown): boolean {
  return [401, 403].includes(Number(Reflect.get(Object(error), "status")));
}

async function make(graphId: string, names: readonly string[], headers: Headers): Promise<void> {
  const known = WHO.flatMap((name): [string, string][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  // Without an address the client asks the server that it runs in.
  const client = new Client({ callerOptions: { maxRetries: 0 }, defaultHeaders: Object.fromEntries(known) });
  for (const name of names) {
    await client.assistants.create({
      graphId,
      assistantId: v5(`${graphId}/${name}`, NAMESPACE),
      name,
      config: { configurable: { agent: name } },
      metadata: { created_by: "agents" },
      ifExists: "do_nothing",
    });
  }
}
