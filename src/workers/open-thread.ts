import { isRemote, openRemoteThread } from "./remote-thread.js";
import { openLocalThread, type WorkerThread, type WorkerThreadOptions } from "./worker-thread.js";

/** Opens the thread of a worker for one step, here or on the server on which it runs. Nothing is written yet. */
export function openWorkerThread(options: WorkerThreadOptions): WorkerThread {
  return isRemote(options.agent) ? openRemoteThread(options) : openLocalThread(options);
}
