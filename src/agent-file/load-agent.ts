import type { PlanExecuteAgent } from "../agent/index.js";
import { createCheckpointer, createStore } from "../checkpoint/index.js";
import { OptionsError, type PlanExecuteOptions } from "../options/index.js";
import type { Environment } from "./fill-variables.js";
import type { AgentFile } from "./read-agent-file.js";

/** How an agent's file is loaded. */
export interface LoadAgentOptions {
  /** Options that go before those of the file. What waits for a person in the file still waits. @default none */
  readonly options?: PlanExecuteOptions;
  /**
   * Whether the checkpointer and the store that the file names are opened. A server brings its own. @default true
   */
  readonly storage?: boolean;
  /** Where `${NAME}` comes from. @default process.env */
  readonly environment?: Environment;
  /** Gets each warning: what has no meaning here. @default process.emitWarning */
  readonly onWarning?: (warning: string) => void;
}

/** The most files that name each other as workers, one in the next. */
const MAX_DEPTH = 5;

/**
 * Loads an agent from its file: YAML or JSON, with the options of `createPlanExecuteAgent`. `"env:"` stands for OPEA's
 * variables in the environment. Throws an `OptionsError` that names line and column of everything that is wrong.
 * `close` of the agent also closes the checkpointer and the store that the file names.
 */
export async function loadAgent(path: string, given: LoadAgentOptions = {}): Promise<PlanExecuteAgent> {
  return load(path, given, []);
}

/** Reads an agent's file, without opening or starting anything. */
export async function openAgentFile(
  path: string,
  { environment = process.env, onWarning }: LoadAgentOptions = {},
  readers: readonly string[] = [],
): Promise<AgentFile> {
  // Programs that load no file do not wait for the YAML package.
  const { readAgentFile } = await import("./read-agent-file.js");
  return readAgentFile(path, {
    environment,
    async loadAgent(worker) {
      const chain = [...readers, path];
      if (chain.length > MAX_DEPTH || chain.includes(worker)) {
        throw new OptionsError(`The agent file ${worker}`, [
          `files name each other as workers in a circle, or more than ${MAX_DEPTH} deep`,
        ]);
      }
      // What a worker keeps is a part of the run's thread, so its file opens nothing.
      return load(worker, { environment, onWarning, storage: false }, chain);
    },
  });
}

async function load(
  path: string,
  given: LoadAgentOptions,
  readers: readonly string[],
): Promise<PlanExecuteAgent> {
  const { options = {}, onWarning = (warning) => process.emitWarning(warning) } = given;
  const file = await openAgentFile(path, given, readers);
  file.warnings.forEach(onWarning);
  // Tried first without them: nothing is opened for a file that cannot be used.
  file.create(options);
  const opened = await openStorage(given.storage === false ? {} : file, options);
  const agent = file.create({ ...opened.options, ...options });
  const { close } = agent;
  const closeAll = async () => {
    await close();
    await opened.close();
  };
  return Object.assign(agent, { close: closeAll, [Symbol.asyncDispose]: closeAll });
}

/** Opens the checkpointer and the store that a file names, unless the caller gives others. */
async function openStorage(
  { checkpointer: url, store: storeUrl }: Pick<AgentFile, "checkpointer" | "store">,
  given: PlanExecuteOptions,
) {
  const checkpointer =
    url === undefined || given.checkpointer !== undefined ? undefined : await createCheckpointer(url);
  const store =
    storeUrl === undefined || given.store !== undefined
      ? undefined
      : await createStore(storeUrl).catch(async (error: unknown) => {
          await checkpointer?.close();
          throw error;
        });
  return {
    options: {
      ...(checkpointer === undefined ? {} : { checkpointer }),
      ...(store === undefined ? {} : { store }),
    },
    async close() {
      await store?.close();
      await checkpointer?.close();
    },
  };
}
