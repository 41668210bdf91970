import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callCommand, KeptOutput, temporaryFolder } from "./test-surroundings.js";

async function folderWithThreads() {
  const folder = temporaryFolder();
  await callCommand(["run", "--thread", "sum", "Calculate 17*23 and 19*29, then add the two results"], {
    folder,
  });
  await callCommand(["run", "--thread", "w", "--approve-tools", "write_file", 'write "hi" to a.txt'], {
    folder,
  });
  return folder;
}

describe("report", () => {
  it("writes the page of a thread that SQLite keeps, for its owner alone", async () => {
    const folder = await folderWithThreads();
    const path = join(folder, "report-sum.html");
    expect(await callCommand(["report", "sum"], { folder })).toEqual({
      exitCode: 0,
      stdout: `${path}\n`,
      stderr: "",
    });
    const page = readFileSync(path, "utf8");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(page).toContain('<h1 dir="auto">Calculate 17*23 and 19*29, then add the two results</h1>');
    expect(page.match(/class="node good/g)).toHaveLength(3);
    expect(page.match(/class="edge(?: critical)?"/g)).toHaveLength(2);
    expect(page).toContain("Worked out from: 17*23: 391; 19*29: 551.");
  });

  it("goes to stdout, to a file of another name, and beside another run", async () => {
    const folder = await folderWithThreads();
    const { stdout } = await callCommand(["report", "w", "--out", "-"], { folder });
    expect(stdout).toMatch(/^<!doctype html>.*Waits for a person.*<\/html>\n$/s);
    expect(
      await callCommand(["report", "sum", "--against", "w", "--out", "two.html"], { folder }),
    ).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, "two.html"), "utf8")).toContain("Two runs side by side");
  });

  it("follows a run until it is over, and then leaves the page alone", async () => {
    const folder = await folderWithThreads();
    let act = () => {};
    let stopped = 0;
    const stdout = new KeptOutput();
    const begun = new Promise((resolve) => {
      stdout.onWrite = resolve;
    });
    const repeat = (_ms: number, action: () => void) => {
      act = action;
      return () => {
        stopped += 1;
      };
    };
    const following = callCommand(["report", "w", "--follow"], { folder, stdout, repeat });
    await begun;
    const path = join(folder, "report-w.html");
    expect(readFileSync(path, "utf8")).toContain('http-equiv="refresh" content="2"');
    await callCommand(["resume", "w", "approve"], { folder });
    act();
    expect(await following).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("Ctrl-C ends that"),
    });
    expect(stopped).toBe(1);
    const page = readFileSync(path, "utf8");
    expect(page).not.toContain('http-equiv="refresh"');
    expect(page).toContain("✓ done");
  });

  it("that follows ends with Ctrl-C", async () => {
    const folder = await folderWithThreads();
    const abort = new AbortController();
    const stdout = new KeptOutput();
    stdout.onWrite = () => abort.abort();
    const { exitCode } = await callCommand(["report", "w", "--follow"], {
      folder,
      stdout,
      signal: abort.signal,
    });
    expect(exitCode).toBe(0);
  });

  it("that cannot be written says so, and one of no thread too", async () => {
    const folder = await folderWithThreads();
    const refused = await callCommand(["report", "sum", "--out", "no/such/folder.html"], { folder });
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Name another file with --out."),
    });
    const gone = await callCommand(["report", "gone"], { folder });
    expect(gone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("There is no thread gone.") });
  });

  it.each([
    [["report", "sum", "--follow", "--out", "-"], "--follow keeps a file of one run up to date"],
    [["report", "sum", "--thread", "w"], "report: give it alone"],
    [["serve", "--threads"], "--threads and serve: give it alone"],
    [["threads", "--out", "a.html"], "--out belongs to report <thread>."],
    [["threads", "--port", "8080"], "--port belongs to serve."],
  ])("%j is refused, and it is said why", async (words, message) => {
    const { exitCode, stderr } = await callCommand(words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});
