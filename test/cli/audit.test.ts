import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAuditLog } from "../../src/audit/index.js";
import { wholeTurn } from "../audit/fixtures.js";
import { callCommand, temporaryFolder } from "./test-surroundings.js";

function writtenLog() {
  const folder = temporaryFolder();
  const path = join(folder, "audit.jsonl");
  const log = createAuditLog({ path });
  for (const event of wholeTurn) {
    log.write(event);
  }
  log.close();
  return { folder, path };
}

test("audit verify says that a log is whole, and where the chains end", async () => {
  const { folder } = writtenLog();
  const { exitCode, stdout } = await callCommand(["audit", "verify", "audit.jsonl"], { folder });
  expect(exitCode).toBe(0);
  expect(stdout).toContain("28 lines in 1 file: whole and unchanged.");
  expect(stdout).toMatch(/^ {2}[0-9a-f-]{36} {2}28 {2}[0-9a-f]{64}$/m);
});

test("audit verify names the line that was changed, and fails", async () => {
  const { folder, path } = writtenLog();
  writeFileSync(path, readFileSync(path, "utf8").replace('"price":67.25', '"price":6.25'));
  const { exitCode, stdout } = await callCommand(["audit", "verify", path], { folder });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/audit\.jsonl:24 {2}The line does not hold: it was changed/);
});

test("audit show tells each turn event by event, and as JSON each turn's record", async () => {
  const { folder } = writtenLog();
  const shown = await callCommand(["audit", "show", "audit.jsonl"], { folder });
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toContain("Turn turn-1 of thread thread-1: done. Buy ACME\n");
  expect(shown.stdout).toMatch(
    / {2}2026-11-30T15:00:00\.100Z {2}2:2 {2}tool\.called buy {2}\{"tool":"buy","args":/,
  );
  const asJson = await callCommand(["audit", "show", "audit.jsonl", "--json"], { folder });
  expect(JSON.parse(asJson.stdout)).toMatchObject([{ input: "Buy ACME", phase: "done" }]);
});

test("a log that is not there is a mistake of whoever calls", async () => {
  const folder = temporaryFolder();
  for (const what of ["verify", "show"]) {
    const { exitCode, stderr } = await callCommand(["audit", what, "none.jsonl"], { folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("audit log none.jsonl")]);
  }
  expect((await callCommand(["audit", "look", "none.jsonl"], { folder })).exitCode).toBe(2);
});
