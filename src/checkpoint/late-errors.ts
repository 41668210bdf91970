import type { OpenCheckpointer } from "./open-checkpointer.js";

/** The channel under which LangGraph writes down what a node threw. */
const ERROR = "__error__";

/**
 * LangGraph writes down what each node and task of an aborted run threw, when the run has long ended for its caller,
 * and waits for none of it. Where the caller has closed the database meanwhile, such a write would fail with nobody to
 * tell, and end the process. Nothing is lost without it: a run that goes on begins the node anew.
 */
export function withoutLateErrors(opened: OpenCheckpointer): OpenCheckpointer {
  const { checkpointer } = opened;
  const putWrites = checkpointer.putWrites.bind(checkpointer);
  let isClosed = false;
  checkpointer.putWrites = async (config, writes, taskId) => {
    if (isClosed && writes.some(([channel]) => channel === ERROR)) return;
    await putWrites(config, writes, taskId);
  };
  const close = () => {
    isClosed = true;
    return opened.close();
  };
  return { ...opened, close };
}
