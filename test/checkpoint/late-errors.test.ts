import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import { expect, it, onTestFinished } from "vitest";
import { createCheckpointer } from "../../src/checkpoint/index.js";

it("after the close what an aborted node threw is dropped, and every other write is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-late-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { checkpointer, close } = await createCheckpointer(`sqlite:${join(folder, "a.db")}`);
  const at = await checkpointer.put(
    { configurable: { thread_id: "t", checkpoint_ns: "" } },
    emptyCheckpoint(),
    { source: "input", step: -1, parents: {} },
    {},
  );
  await checkpointer.putWrites(at, [["__error__", { message: "aborted" }]], "task 1");
  expect((await checkpointer.getTuple(at))?.pendingWrites).toEqual([
    ["task 1", "__error__", { message: "aborted" }],
  ]);
  await close();
  await checkpointer.putWrites(at, [["__error__", { message: "aborted" }]], "task 2");
  await expect(checkpointer.putWrites(at, [["plan", []]], "task 3")).rejects.toThrow("not open");
});
