import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { z } from "zod";
import { bundleProgram } from "../../../support/program-file.js";
import { makeShop, readRefunds } from "../shop.js";
import type { Assignment } from "./refunding-process.js";

const program = bundleProgram(new URL("./refunding-process.ts", import.meta.url));
const toldSchema = z.object({ status: z.string(), response: z.string(), passed: z.array(z.string()) });

/** Lets a new process do it; undefined where it was killed. */
function inNewProcess(assignment: Assignment) {
  return new Promise<z.infer<typeof toldSchema> | undefined>((resolve, reject) => {
    execFile(process.execPath, [program, JSON.stringify(assignment)], (error, stdout, stderr) => {
      if (error === null) {
        resolve(toldSchema.parse(JSON.parse(stdout)));
      } else if (error.signal === "SIGKILL" && stderr === "") {
        resolve(undefined);
      } else {
        reject(new Error(`The process ended with ${error.code ?? error.signal}: ${stderr}`));
      }
    });
  });
}

test.each([
  { dieAt: "before the call" as const, made: 0 },
  { dieAt: "after the call" as const, made: 1 },
])(
  "a process that dies $dieAt of an approved refund: it is made once, and nobody is asked again",
  async ({ dieAt, made }) => {
    const { folder, workspace } = makeShop();
    expect(await inNewProcess({ folder, work: "begin" })).toMatchObject({ status: "waiting" });
    expect(await inNewProcess({ folder, work: "approve", dieAt })).toBeUndefined();
    expect(made === 0 || (await readRefunds(workspace)).length === made).toBe(true);
    const end = await inNewProcess({ folder, work: "go on" });
    expect(end).toMatchObject({
      status: "done",
      response: expect.stringContaining("We have refunded 150.00 CHF."),
    });
    expect(end?.passed).toEqual(["after the call"]);
    expect(await readRefunds(workspace)).toMatchObject([{ item: "80a", cents: 15_000 }]);
  },
  60_000,
);
