import type { OpenedCheckpoints } from "./driver.js";

/**
 * Makes closing a checkpointer safe while writes are still under way.
 *
 * LangGraph records the results of an aborted run's nodes and tasks long after the run has ended for its
 * caller, and waits for none of these writes. If the caller closes the database meanwhile, such a write fails
 * with nobody to catch the error, and ends the process. So closing waits for the writes that are under way
 * and drops any that come later. This loses nothing: a resumed run starts over whatever was not recorded, and
 * a run that is still alive learns from its next checkpoint that the database is closed.
 */
export function withoutLateWrites(opened: OpenedCheckpoints): OpenedCheckpoints {
  const { checkpointer } = opened;
  const putWrites = checkpointer.putWrites.bind(checkpointer);
  const underWay = new Set<Promise<void>>();
  let isClosed = false;
  checkpointer.putWrites = async (config, writes, taskId) => {
    if (isClosed) {
      return;
    }
    const write = putWrites(config, writes, taskId);
    underWay.add(write);
    try {
      await write;
    } finally {
      underWay.delete(write);
    }
  };
  const close = async () => {
    isClosed = true;
    await Promise.allSettled(underWay);
    await opened.close();
  };
  return { ...opened, close };
}
