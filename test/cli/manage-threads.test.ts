import { describe, expect, it } from "vitest";
import { callCommand, temporaryFolder } from "./test-surroundings.js";

async function twoThreads() {
  const folder = temporaryFolder();
  await callCommand(["--thread", "a", "Calculate 1+1"], { folder });
  await callCommand(
    ["--thread", "b\u009b", "--graph", "general", "--approve-plan", "once", "Calculate 2+2"],
    { folder },
  );
  return folder;
}

describe("threads", () => {
  it("are listed with status, time and goal, the one that changed last first", async () => {
    const folder = await twoThreads();
    const listed = await callCommand(["--threads"], { folder });
    expect(listed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(listed.stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "<this minute>")).toBe(
      "Thread      Status   Changed (UTC)     Graph     Goal\n" +
        "$'b\\u009b'  waiting  <this minute>  general   Calculate 2+2\n" +
        "  waits for you: the plan, 1 step\n" +
        "a           done     <this minute>  built-in  Calculate 1+1\n",
    );
    const { stdout } = await callCommand(["--threads", "--json"], { folder });
    expect(JSON.parse(stdout)).toMatchObject([
      { threadId: "b\u009b", status: "waiting", graph: "general", waiting: [{ kind: "plan" }] },
      { threadId: "a", status: "done" },
    ]);
    expect(await callCommand(["--threads"])).toMatchObject({
      exitCode: 0,
      stdout: "There are no threads.\n",
    });
  });

  it("are deleted by their id", async () => {
    const folder = await twoThreads();
    expect(await callCommand(["--delete-thread", "a"], { folder })).toEqual({
      exitCode: 0,
      stdout: "Deleted: a\n",
      stderr: "",
    });
    expect(await callCommand(["--thread", "a"], { folder })).toMatchObject({ exitCode: 2 });
    expect(await callCommand(["--delete-thread", "a"], { folder })).toMatchObject({
      exitCode: 2,
      stderr: "Error: There is no thread a. --threads lists those that there are.\n",
    });
  });

  it("are deleted by their age, whatever they wait for", async () => {
    const folder = await twoThreads();
    const words = ["--delete-threads-older-than", "2h", "--json"];
    expect(JSON.parse((await callCommand(words, { folder })).stdout)).toEqual({ deleted: [] });
    const now = () => Date.now() + 3 * 3_600_000;
    const { stdout } = await callCommand(words, { folder, now });
    expect(new Set(JSON.parse(stdout).deleted)).toEqual(new Set(["a", "b\u009b"]));
    expect(await callCommand(["--threads"], { folder })).toMatchObject({ stdout: "There are no threads.\n" });
  });

  it.each([
    [["--threads", "goal"], "--threads: give it alone"],
    [["--delete-thread", "a", "--thread", "b"], "--delete-thread: give it alone"],
    [["--threads", "--delete-thread", "a"], "--threads and --delete-thread: give it alone"],
    [["--delete-thread", "a", "--resume", "approve"], "--delete-thread: give it alone"],
    [["--threads", "--steer", "hurry"], "--threads: give it alone"],
    [
      ["--delete-threads-older-than", "soon"],
      "--delete-threads-older-than must be a time such as 30m, 24h or 7d",
    ],
  ])("are left alone where the words make no sense: %j", async (words, message) => {
    const { exitCode, stderr } = await callCommand(words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});
