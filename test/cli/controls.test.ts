import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { toVisible, toVisibleJson } from "../../src/base/index.js";
import { toShellWord, withoutControls } from "../../src/cli/write.js";
import { planReply, startOpenAiServer } from "../support/openai-server.js";
import { callCommand, fakeEditor, KeptOutput, person, temporaryFolder } from "./test-surroundings.js";

/** Each of them moves the cursor, sets a title, turns text around, or is not seen. */
const controls = [
  "\u001b[2J",
  "\u001b]0;owned\u0007",
  "\u001bP+q\u001b\\",
  "\u009b2J",
  "\u0085",
  "\r",
  "\b",
  "\u0000",
  "\u007f",
  "\u0080",
  "\u00ad",
  "\u061c",
  "\u115f",
  "\u3164",
  "\u180e",
  "\u200b",
  "\u200e",
  "\u2028",
  "\u2029",
  "\u202e",
  "\u2060",
  "\u2069",
  "\ufeff",
  "\ufff9",
  "\u{e0041}",
  "\u{e01ef}",
  "\ud800",
];
const hostile = `a${controls.join("a")}`;
/** No argument of a program can hold these two. */
const word = hostile.replaceAll(/[\0\p{Cs}]/gu, "");
const isControl = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u3164]|[\u{e0100}-\u{e01ef}]/u;
/** What the command and readline write of their own: line ends, and in a terminal colours and moves. */
const own = new RegExp(String.raw`\r?\n|${"\u001b"}\[[0-9;]*[mAGJ]|\r(?=${"\u001b"}\[J)`, "g");
const foundIn = (written: string) => isControl.exec(written.replaceAll(own, ""))?.[0];

describe("controls in a text", () => {
  it.each(controls)("%j is dropped, written out, or escaped in JSON", (control) => {
    const text = `a${control}b`;
    expect(foundIn(withoutControls(text))).toBeUndefined();
    expect(foundIn(toVisible(text))).toBeUndefined();
    expect(toVisible(text)).toMatch(/^a(\\u[0-9a-f]{4}|[\x20-\x7e])+b$/);
    expect(foundIn(toVisibleJson({ [text]: [text] }, 2))).toBeUndefined();
    expect(JSON.parse(toVisibleJson({ [text]: [text] }, 2))).toEqual({ [text]: [text] });
    expect(foundIn(toShellWord(text))).toBeUndefined();
  });

  it("leave what words and emoji are made of, and what text stands on", () => {
    const text = "a\tb\n❤️‍🔥 👩‍🔬 می‌خواهم क्‍ष é 日本";
    expect(withoutControls(text)).toBe(text);
    expect(withoutControls("pass\u200bword\u200d \ufe0fx")).toBe("password x");
    expect(toVisible("a\tb\né")).toBe("a\tb\né");
  });

  it("can be pasted into a shell", () => {
    expect(toShellWord("it's\u009b\n\\")).toBe("$'it\\'s\\u009b\\n\\\\'");
  });
});

/** A model that plans to write, to read what is not there, and answers; all of its words are hostile. */
async function hostileModel() {
  const server = await startOpenAiServer((_, index) =>
    index % 2 === 0
      ? planReply([
          { id: "w", description: hostile, tool: "write_file", args: { path: "a.txt", content: hostile } },
          {
            id: "r",
            description: hostile,
            tool: "read_file",
            args: { path: `no${hostile}` },
            dependsOn: ["w"],
          },
        ])
      : { text: hostile },
  );
  onTestFinished(() => server.close());
  for (const [name, value] of Object.entries(server.environment)) {
    vi.stubEnv(name, value);
  }
  onTestFinished(() => void vi.unstubAllEnvs());
  return { environment: { ...server.environment, DEBUG: "1" } };
}

const thread = ["--thread", word];

describe("what the command writes holds no controls of others", () => {
  it.each([[[]], [["--quiet"]], [["--json", "--events"]]])("in a pipe, with %j", async (words) => {
    const { stdout, stderr } = await callCommand([...thread, ...words, word], await hostileModel());
    expect(stdout).not.toBe("");
    expect([foundIn(stdout), foundIn(stderr)]).toEqual([undefined, undefined]);
    if (words.length < 2) {
      return;
    }
    expect(JSON.parse(stdout)).toMatchObject({ threadId: word, response: hostile });
    for (const line of stderr.split("\n").filter((line) => line.startsWith("{"))) {
      JSON.parse(line);
    }
  });

  it("in a terminal that draws", async () => {
    const { stdout, stderr } = await callCommand([...thread, word], {
      ...(await hostileModel()),
      stdout: new KeptOutput(true),
      stderr: new KeptOutput(true, 400),
    });
    expect(stdout).not.toBe("");
    expect(stderr).toContain("a.txt");
    expect([foundIn(stdout), foundIn(stderr)]).toEqual([undefined, undefined]);
  });

  it("where it asks for approval, in words and in the editor; and what was shown is what is done", async () => {
    const editor = fakeEditor((text) => text.replace('"a.txt"', '"b.txt"'));
    const folder = temporaryFolder();
    const words = [...thread, "--approve-plan", "once", "--approve-tools", "write_file", word];
    const called = await callCommand(words, {
      ...(await hostileModel()),
      ...person("a", "s", "?", "e", "y"),
      ...editor,
      folder,
    });
    expect(called.stderr).toContain("\\u001b[2J");
    expect(foundIn(called.stderr)).toBeUndefined();
    expect(foundIn(editor.seen.map(({ text }) => text).join(""))).toBeUndefined();
    expect(readFileSync(join(folder, "b.txt"), "utf8")).toBe(hostile.replaceAll("\ud800", "\ufffd"));
  });

  it("where something waits and nobody is there, in the list of threads, and when they are deleted", async () => {
    const folder = temporaryFolder();
    const words = [...thread, "--approve-tools", "write_file", word];
    const asked = await callCommand(words, { ...(await hostileModel()), folder });
    const listed = await callCommand(["--threads"], { folder });
    const asJson = await callCommand(["--threads", "--json"], { folder });
    expect(JSON.parse(asJson.stdout)).toMatchObject([{ threadId: word, goal: word }]);
    expect(listed.stdout).toContain(toShellWord(word));
    const deleted = await callCommand(["--delete-thread", word], { folder });
    const written = [asked.stderr, listed.stdout, asJson.stdout, deleted.stdout];
    expect(written.map(foundIn)).toEqual(written.map(() => undefined));
    expect(asked.exitCode).toBe(4);
  });

  it.each([
    [["--thread", word]],
    [["--delete-thread", word]],
    [["--max-steps", word, "x"]],
    [[`--${word}`]],
    [["--root", word, "x"]],
    [["--graph", `./${word}`, "x"]],
    [["--checkpointer", `x${word}:`, "x"]],
    [["--approve-tools", word, "x"]],
    [["--model", word, "x"]],
  ])("where it is called wrongly: %j", async (words) => {
    const { exitCode, stderr } = await callCommand(words, { environment: { DEBUG: "1" } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Error: ");
    expect(foundIn(stderr)).toBeUndefined();
  });
});
