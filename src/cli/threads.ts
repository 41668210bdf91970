import { join } from "node:path";
import type { BaseStore } from "@langchain/langgraph";
import {
  CheckpointerError,
  createCheckpointer,
  createEncryptedSerializer,
  createStore,
  encryptionKeysFromEnvironment,
  type OpenedCheckpoints,
} from "../checkpoint/index.js";
import type { Surroundings } from "./surroundings.js";

/** The place where threads are kept, and a notice about it for the person. */
export interface Threads extends OpenedCheckpoints {
  /** Keeps finished steps beside their thread, so that they are found again after a change from outside. */
  readonly store: BaseStore;
  readonly notice?: string;
}

type Opener = Pick<Surroundings, "environment" | "loadPackage">;

/**
 * Opens the checkpointer that was asked for. The default is SQLite in the current folder. If SQLite cannot be loaded
 * and nobody asked for it, threads are kept in memory, and the notice says so.
 */
export async function openThreads(
  url: string | undefined,
  { folder, ...opener }: Opener & Pick<Surroundings, "folder">,
): Promise<Threads> {
  if (url !== undefined) {
    return open(url, opener);
  }
  try {
    return await open(`sqlite:${join(folder, ".plan-execute", "threads.db")}`, opener);
  } catch (error) {
    if (!(error instanceof CheckpointerError) || error.code !== "PACKAGE_MISSING") {
      throw error;
    }
    const notice = `SQLite cannot be loaded, so this thread is kept in memory and ends with this run. ${error.message}`;
    return { ...(await open("memory:", opener)), notice };
  }
}

/** Returns what encrypts threads, if the environment has keys for it. */
export function serializerFrom(environment: Surroundings["environment"]) {
  return environment.PLAN_EXECUTE_ENCRYPTION_KEYS === undefined
    ? undefined
    : createEncryptedSerializer({ keys: encryptionKeysFromEnvironment(environment) });
}

async function open(url: string, { environment, loadPackage: load }: Opener): Promise<Threads> {
  const serializer = serializerFrom(environment);
  const opened = await createCheckpointer(url, { load, serializer });
  const { checkpointer, kind, lockThread, retention } = opened;
  try {
    const { store, close } = await createStore(url, { load, serializer });
    return {
      checkpointer,
      kind,
      lockThread,
      retention,
      store,
      close: async () => {
        await close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
