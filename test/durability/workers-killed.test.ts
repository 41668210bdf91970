import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { requestSchema } from "../support/approval.js";
import { bundleProgram } from "../support/program-file.js";
import type { Assignment } from "./workers/working-process.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-workers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = bundleProgram(new URL("./workers/working-process.ts", import.meta.url));
const journal = join(folder, "journal");
const url = `sqlite:${join(folder, "threads.db")}`;

const toldSchema = z.object({
  request: requestSchema.optional(),
  state: z.object({
    status: z.string(),
    response: z.string(),
    pastSteps: z.array(z.looseObject({ id: z.string(), status: z.string(), output: z.unknown().optional() })),
  }),
});

/** What a process did until it was killed, and what it told, if it came to an end. */
interface Life {
  readonly did: string[];
  readonly told: z.infer<typeof toldSchema> | undefined;
}

/** Lets a new process do it, and waits for its death. */
function inNewProcess(assignment: Omit<Assignment, "url" | "journal">): Promise<Life> {
  writeFileSync(journal, "");
  const argument = JSON.stringify({ url, journal, ...assignment });
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, argument], (error, stdout, stderr) => {
      if (error?.signal !== "SIGKILL" || stderr !== "") {
        reject(new Error(`The process ended with ${error?.code ?? error?.signal}: ${stderr}`));
        return;
      }
      const did = readFileSync(journal, "utf8").split("\n").filter(Boolean);
      resolve({ did, told: stdout === "" ? undefined : toldSchema.parse(JSON.parse(stdout)) });
    });
  });
}

test("two workers, each with an approval, go on after each kill, and nothing that was finished runs again", async () => {
  // Killed while the deep agent thinks for the first time and ours has come to its question.
  const first = await inNewProcess({
    how: "begin",
    killIn: "deep is asked",
    once: "worker.event b approval.asked",
  });
  expect(first.told).toBeUndefined();
  expect([...first.did].sort()).toEqual(["deep is asked", "ours plans", "the run plans"]);

  const second = await inNewProcess({ how: "go-on" });
  expect(second.did).toEqual(["deep is asked"]);
  const { actionRequests = [] } = second.told?.request ?? {};
  expect(actionRequests.map(({ stepId, name, args }) => [stepId, name, args])).toEqual([
    ["a", "charge", { who: "Ann" }],
    ["b", "charge", { who: "Bob" }],
  ]);

  // Killed when what was approved is done, and the deep agent thinks about what became of it.
  const decisions = [
    { type: "approve" },
    { type: "edit", editedAction: { name: "charge", args: { who: "Cleo" } } },
  ];
  const third = await inNewProcess({
    how: { resume: { decisions } },
    killIn: "deep is told",
    once: "step.ended b",
  });
  expect(third.told).toBeUndefined();
  expect([...third.did].sort()).toEqual([
    "deep charges Ann",
    "deep is told",
    "ours answers",
    "ours charges Cleo",
  ]);

  const last = await inNewProcess({ how: "go-on" });
  expect(last.did).toEqual(["deep is told", "the run answers"]);
  expect(last.told?.state).toMatchObject({
    status: "done",
    response: "both were charged",
    pastSteps: [
      { id: "a", status: "done", output: "deep: charged Ann" },
      { id: "b", status: "done", output: "ours: charged Bob" },
    ],
  });
}, 120_000);
