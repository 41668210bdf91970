import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSource, readSourceFiles, repositoryRoot } from "./source-files.js";
import { findHiddenTouches } from "./touch-rules.js";

describe("what LangGraph, LangChain and zod do not document", () => {
  it("is touched in src/langgraph alone", () => {
    expect(readSourceFiles("src", "graphs").flatMap(findHiddenTouches)).toEqual([]);
  });

  it("has a test for each file that touches it, which says what breaks when it changes", () => {
    const files = readSourceFiles("src/langgraph").map(({ path }) => path);
    const untested = files
      .filter((path) => posix.basename(path) !== "index.ts")
      .map((path) => path.replace("src/", "test/").replace(/\.ts$/, ".test.ts"))
      .filter((path) => !isChecked(path));
    expect(untested).toEqual([]);
  });
});

function isChecked(path: string): boolean {
  return readFileSync(posix.join(repositoryRoot, path), "utf8").includes("checkTouch(");
}

describe("the rule of hidden touches", () => {
  const touches = (text: string, path = "src/agent/a.ts") => findHiddenTouches(parseSource(path, text));

  it.each([
    ["configurable?.__pregel_checkpointer;", "__pregel_checkpointer"],
    ["const { __pregel_scratchpad: a } = b;", "__pregel_scratchpad"],
    ['const NAME = "__return__";', "__return__"],
    ["super._streamIterator(a);", "_streamIterator"],
    ["class A extends B { async _validateContext() {} }", "_validateContext"],
    ["schema._zod.constr = a;", "_zod"],
    ['Reflect.get(tool, "_call");', "_call"],
    ["Object.setPrototypeOf(a, b);", "setPrototypeOf"],
    ["config.metadata?.langgraph_step;", "langgraph_step"],
    ["pad.callCounter = 1;", "callCounter"],
    ["db.prepare(`delete from writes` + old);", "writes"],
    ['pool.query("select 1 from checkpoints");', "checkpoints"],
    ['import "@langchain/core/singletons";', "@langchain/core/singletons"],
    ['import { Tool } from "@langchain/core/tools"; Tool.prototype;', "Tool.prototype"],
  ])("sees %s", (text, what) => {
    expect(touches(text)).toEqual([`src/agent/a.ts:1 ${what}`]);
    expect(touches(text, "src/langgraph/a.ts")).toEqual([]);
  });

  it("lets pass what is our own, or documented", () => {
    const text = `import { Own } from "./own.js";
      Object.prototype; Own.prototype; this._own; const _left = 1; const { a: _a } = b; configurable.checkpoint_ns;
      class Model extends BaseChatModel { _llmType() {} async _generate() {} async *_streamResponseChunks() {} }`;
    expect(touches(text)).toEqual([]);
  });
});
