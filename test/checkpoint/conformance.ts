import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { specTest } from "@langchain/langgraph-checkpoint-validation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCheckpointer, type OpenCheckpointer } from "../../src/checkpoint/index.js";

/** What LangChain's conformance suite is run on. */
export interface ConformanceOptions {
  readonly name: string;
  /** The URL of an empty store, asked for before each group of tests. */
  readonly url: () => string | Promise<string>;
  /** Names of the cases that the saver is known to fail: each must fail, so that we hear of it when it is mended. */
  readonly knownFailures?: readonly string[];
}

/**
 * MemorySaver 1.1.5 and SqliteSaver 1.0.4 fail this one case of the suite: they ignore `newVersions` and store every
 * channel's value with each checkpoint, where the suite wants only those that changed. (The suite itself knows: it
 * skips the case for savers named after these packages; under other names it runs.) What is read back is never
 * less than what was put; the price is bytes that grow with the state at each superstep.
 */
export const storesEveryChannel = "should only store channel_values that have changed (based on newVersions)";

/** Runs LangChain's conformance suite; one test file runs it once, since the suite takes its tools from globals. */
export function describeConformance({ name, url, knownFailures = [] }: ConformanceOptions): void {
  const left = new Set(knownFailures);
  const itOrFails = new Proxy(it, {
    apply(target, self, args) {
      return Reflect.apply(left.delete(args[0]) ? it.fails : target, self, args);
    },
  });
  Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it: itOrFails });

  const open = new Map<BaseCheckpointSaver, OpenCheckpointer>();
  describe("LangChain's conformance suite", () => {
    specTest({
      checkpointerName: name,
      async createCheckpointer() {
        const opened = await createCheckpointer(await url());
        open.set(opened.checkpointer, opened);
        return opened.checkpointer;
      },
      async destroyCheckpointer(checkpointer: BaseCheckpointSaver) {
        await open.get(checkpointer)?.close();
      },
    });
    it("has every case that is known to fail", () => expect([...left]).toEqual([]));
  });
}
