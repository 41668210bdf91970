import { getConfig } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import {
  callbacksHere,
  keepSurroundings,
  runDetached,
} from "../../../src/langgraph/langchain/surroundings.js";
import { oneNode, thread } from "../graphs.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/core",
  breaks:
    "What runs inside a step is taken for a part of the node: tracing shows it in the wrong place, and LangGraph streams " +
    "and stores it as the node's own.",
} as const;

/** What work finds where it is run by a node, in one of these ways. */
async function foundBy(run: (work: () => unknown) => unknown): Promise<unknown> {
  let found: unknown;
  const graph = oneNode(async () => {
    found = await run(() => getConfig()?.configurable?.thread_id);
    return {};
  });
  await graph.invoke({ input: "go" }, thread);
  return found;
}

describe("a node's surroundings", () => {
  checkTouch(touch, "are found by what the node calls", async () => {
    expect(await foundBy((work) => work())).toBe("1");
  });

  checkTouch(touch, "can be left, and are found again where they were kept", async () => {
    expect(await foundBy((work) => runDetached(async () => String(tried(work))))).toBe("undefined");
    expect(
      await foundBy((work) => {
        const inSurroundings = keepSurroundings();
        return runDetached(async () => inSurroundings(work));
      }),
    ).toBe("1");
  });

  checkTouch(touch, "hold the run's callbacks", async () => {
    let found: unknown;
    const graph = oneNode(async (_state, config) => {
      found = [callbacksHere(), config.callbacks];
      return {};
    });
    await graph.invoke({ input: "go" }, { ...thread, callbacks: [{ handleChainStart() {} }] });
    const [here, given] = Array.isArray(found) ? found : [];
    expect(here).toBeDefined();
    expect(here).toBe(given);
  });
});

/** `getConfig` throws where there is none. */
function tried(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined;
  }
}
