import type { OpenCheckpointer } from "./driver.js";

/**
 * LangGraph writes down what the nodes and tasks of an aborted run came to when the run has long ended for its caller,
 * and waits for none of it. Where the caller closes the database meanwhile, such a write would fail with nobody to
 * tell, and end the process. So the close waits for writes that are under way, and what comes behind it is dropped.
 * Nothing is lost by that: a run that goes on begins anew what is not written down, and a run that is still alive is
 * told by its next checkpoint that the database is closed.
 */
export function withoutLateWrites(opened: OpenCheckpointer): OpenCheckpointer {
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
