// What becomes of a run whose output nobody takes any more. /dev/full is a disk that is full.
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { planReply, startOpenAiServer } from "../support/openai-server.js";
import { callProcess, finishProcess, startProcess } from "./command-process.js";
import { callCommand, temporaryFolder } from "./test-surroundings.js";

/** A model whose plan writes a file and thinks. After its first thought it says nothing until it is released. */
async function thinkingModel(beforeThinking: () => Promise<unknown>) {
  let isReleased = false;
  const server = await startOpenAiServer(async (_, index) => {
    if (index === 0) {
      return planReply([
        { id: "w", tool: "write_file", args: { path: "a.txt", content: "kept" } },
        { id: "t", description: "think about {{w}}" },
      ]);
    }
    if (index > 1 && !isReleased) {
      return { connection: "hang" };
    }
    if (index === 1) {
      await beforeThinking();
    }
    return { text: "Thought." };
  });
  onTestFinished(() => server.close());
  for (const [name, value] of Object.entries(server.environment)) {
    vi.stubEnv(name, value);
  }
  onTestFinished(() => void vi.unstubAllEnvs());
  const release = () => {
    isReleased = true;
  };
  return { environment: server.environment, release };
}

/** Nobody reads the stream any more: who writes into it is told so. */
async function leave(stream: Readable | null) {
  if (stream === null) {
    throw new Error("the process has no pipe there");
  }
  stream.destroy();
  if (!stream.closed) {
    await once(stream, "close");
  }
}

function openFullDisk(): number {
  const file = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(file));
  return file;
}

it("a run whose stderr is closed stops with 141, and somebody else goes on with it", async () => {
  const folder = temporaryFolder();
  const model = await thinkingModel(() => leave(child.stderr));
  const child = startProcess(["think", "--thread", "t", "--events"], folder, model);
  child.stderr?.resume();
  child.stdout?.resume();
  await once(child, "close");
  expect(child.exitCode).toBe(141);

  model.release();
  const gone = await callCommand(["--thread", "t"], { folder, ...model });
  expect(gone).toMatchObject({ exitCode: 0, stdout: "Thought.\n" });
  expect(gone.stderr.match(/✓ w\./g)).toHaveLength(1);
});

it("a run whose stderr is full stops with 1, and somebody else goes on with it", async () => {
  const folder = temporaryFolder();
  const model = await thinkingModel(async () => {});
  const full = openFullDisk();
  const child = startProcess(["think", "--thread", "t"], folder, {
    ...model,
    stdio: ["ignore", "pipe", full],
  });
  expect(await finishProcess(child)).toMatchObject({ exitCode: 1, stdout: "" });
  model.release();
  const gone = await callCommand(["--thread", "t"], { folder, ...model });
  expect(gone).toMatchObject({ exitCode: 0, stdout: "Thought.\n" });
});

it("an answer that nobody can take is no success, and its thread has it", async () => {
  const folder = temporaryFolder();
  const words = ["--thread", "t", "--json"];
  const child = startProcess([...words, "Calculate 20+22"], folder);
  await leave(child.stdout);
  expect(await finishProcess(child)).toMatchObject({ exitCode: 141 });
  const again = [...words, "and twice that?"];
  const full = openFullDisk();
  expect(await callProcess(again, folder, { stdio: ["ignore", full, "pipe"] })).toMatchObject({
    exitCode: 1,
  });
  const next = await callCommand(["--thread", "t", "--quiet", "and twice that?"], { folder });
  expect(next).toEqual({ exitCode: 0, stdout: "168\n", stderr: "" });
});

it.each([["--help"], ["--threads"]])("%s on a full disk is no success", async (word) => {
  const full = openFullDisk();
  const { exitCode, stderr } = await callProcess([word], temporaryFolder(), {
    stdio: ["ignore", full, "pipe"],
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(/^Error: Nothing more can be written to stdout: ENOSPC: [^\n]*\n$/),
  });
});
