import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/audit/index.js";
import { bundleProgram } from "../support/program-file.js";
import { lineSchema, linesOf, temporaryLog } from "./logs.js";

test("when the disk is full, whole lines count, and the next one goes on from the last of them", async () => {
  const path = temporaryLog();
  const script = bundleProgram(new URL("full-disk-process.ts", import.meta.url));
  const limited = `trap "" XFSZ; ulimit -f 2; exec "$@"`;
  const child = spawn("bash", ["-c", limited, "bash", process.execPath, script, path]);
  let told = "";
  child.stdout.on("data", (data) => {
    told += data;
  });
  const [code] = await once(child, "close");
  expect({ code, told }).toMatchObject({ code: 0 });
  expect(told).toMatch(/^Only 2048 of \d+ bytes were written to .*Make room on its disk\.\n$/);
  const [torn, ...rest] = linesOf(path);
  expect(torn).toBe("");
  const lines = rest.map((line) => lineSchema.parse(JSON.parse(line)));
  expect(lines.map(({ line, event }) => [line, event.seq])).toEqual([[5, 9]]);
});

test("several processes write one log at the same time, and no line is torn", async () => {
  const path = temporaryLog();
  const program = bundleProgram(new URL("./writing-process.ts", import.meta.url));
  const processes = Array.from({ length: 3 }, () =>
    spawn(process.execPath, [program, path, "200"], { stdio: "inherit" }),
  );
  const ends = await Promise.all(processes.map((child) => once(child, "exit")));
  expect(ends.map(([code]) => code)).toEqual([0, 0, 0]);
  const { problems, lines, writers, files } = await verifyAuditLog(path);
  expect(problems).toEqual([]);
  expect(lines).toBe(600);
  expect(writers.map((writer) => writer.lines)).toEqual([200, 200, 200]);
  expect(files.length).toBeGreaterThan(1);
}, 60_000);
