// However a program ends, the processes of its servers end too.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { bundleProgram } from "../support/program-file.js";

const path = (name: string) => fileURLToPath(new URL(`servers/${name}`, import.meta.url));

const program = bundleProgram(new URL("servers/host.ts", import.meta.url));

/** Starts the program, and waits until it has printed its server's process id. */
async function startHost(how: string): Promise<{ readonly host: ChildProcess; readonly pid: number }> {
  const host = spawn(process.execPath, [program, how, path("small.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    host.kill("SIGKILL");
  });
  const [pid] = await once(host.stdout, "data");
  return { host, pid: Number(String(pid)) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.each(["end", "exit"])(
  "a program that comes to its %s without closing anything is not held up",
  async (how) => {
    const { host, pid } = await startHost(how);
    const [code] = await once(host, "exit");
    expect(code).toBe(0);
    await untilGone(pid);
  },
);

test("a program that is killed leaves no server behind", async () => {
  const { host, pid } = await startHost("stay");
  expect(isAlive(pid)).toBe(true);
  host.kill("SIGKILL");
  await untilGone(pid);
});
