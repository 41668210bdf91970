import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { AuditFolder, GOAL } from "./audit.js";
import type { Assignment } from "./fixtures/audit-worker.js";

const program = fileURLToPath(new URL("./fixtures/audit-worker.ts", import.meta.url));
const toldSchema = z.object({ changes: z.number(), status: z.string(), response: z.string() });

let folder: AuditFolder;
beforeEach(() => {
  folder = new AuditFolder().useExample();
});
afterEach(() => folder.remove());

/** Runs a process until it is killed; gives what it told, or undefined where it did not come so far. */
function runProcess(killAt: number): Promise<z.infer<typeof toldSchema> | undefined> {
  const { data, workspace, root } = folder;
  const assignment: Assignment = {
    url: `sqlite:${join(root, "threads.db")}`,
    data,
    workspace,
    goal: GOAL,
    killAt,
  };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--import", "tsx", program, JSON.stringify(assignment)],
      (error, stdout, stderr) => {
        if (error?.signal !== "SIGKILL" || stderr !== "") {
          reject(new Error(`${error?.code}: ${stderr}`));
        } else {
          resolve(stdout === "" ? undefined : toldSchema.parse(JSON.parse(stdout)));
        }
      },
    );
  });
}

// Each process counts its own changes, so each is killed further on in the audit than the one before it; crash.test.ts
// has every single change, in one process.
it("killed while it copies, patches and verifies, the audit goes on and does everything once", async () => {
  const killed: (object | undefined)[] = [];
  for (const killAt of [6, 30, 60]) {
    killed.push(await runProcess(killAt));
  }
  expect(killed).toEqual([undefined, undefined, undefined]);
  const told = await runProcess(0);
  expect(told?.status).toBe("done");
  expect(told?.response).toContain("Of 6 vulnerabilities in web-shop, 5 are mended in the copy; left: 1.");
  expect(folder.copies()).toHaveLength(1);
  const kinds = folder.facts().map(({ kind }) => kind);
  const count = (kind: string) => kinds.filter((found) => found === kind).length;
  expect(Object.fromEntries([...new Set(kinds)].map((kind) => [kind, count(kind)]))).toEqual({
    copied: 1,
    proposed: 2,
    decided: 7,
    patched: 7,
    refused: 2,
    verified: 5,
    reported: 1,
  });
  expect(folder.patched().versions).toMatchObject({
    "node_modules/body-reader": "1.20.1",
    "node_modules/page-template": "4.4.0",
    "node_modules/query-parse": "6.7.3",
  });
}, 120_000);
