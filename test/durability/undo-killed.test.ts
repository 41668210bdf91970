import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bundleProgram } from "../support/program-file.js";
import { withPostgres } from "../support/with-postgres.js";
import type { Assignment } from "./undo/undoing-process.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-undo-"));
const program = bundleProgram(new URL("./undo/undoing-process.ts", import.meta.url));
const postgres = withPostgres();
const urls: Record<string, string> = { sqlite: `sqlite:${join(folder, "threads.db")}` };
let runs = 0;

beforeAll(async () => {
  urls.postgres = await postgres.createDatabase();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const lineSchema = z.object({ what: z.string(), key: z.string() });
const toldSchema = z.object({
  status: z.string(),
  response: z.string(),
  pastSteps: z.array(z.looseObject({ id: z.string(), status: z.string(), output: z.unknown().optional() })),
  outcome: z.looseObject({
    undone: z.array(z.looseObject({ args: z.looseObject({}), status: z.string() })).optional(),
  }),
});

/** Lets processes work on one thread, each until it is killed at one of these places, and the last to the end. */
async function run(kind: string, plan: readonly unknown[], kills: readonly string[], hasStore = true) {
  runs += 1;
  const journal = join(folder, `journal-${runs}`);
  writeFileSync(journal, "");
  const common = { url: urls[kind] ?? "", journal, threadId: `${runs}`, plan: [...plan], hasStore };
  let told: z.infer<typeof toldSchema> | undefined;
  for (const [index, killIn] of [...kills, undefined].entries()) {
    told = await inNewProcess({ ...common, goesOn: index > 0, killIn });
  }
  const lines = readFileSync(journal, "utf8").split("\n").filter(Boolean);
  return { told, lines: lines.map((line) => lineSchema.parse(JSON.parse(line))) };
}

/** Lets a new process do it, and waits for its death. */
function inNewProcess(assignment: Assignment): Promise<z.infer<typeof toldSchema> | undefined> {
  return new Promise((resolve, reject) => {
    const given = [program, JSON.stringify(assignment)];
    execFile(process.execPath, given, (error, stdout, stderr) => {
      if (error?.signal !== "SIGKILL" || stderr !== "") {
        reject(new Error(`The process ended with ${error?.code ?? error?.signal}: ${stderr}`));
        return;
      }
      resolve(stdout === "" ? undefined : toldSchema.parse(JSON.parse(stdout)));
    });
  });
}

const step = (tool: string, what: string) => ({ id: `${tool}-${what}`, tool, args: { what } });
const whats = (lines: readonly z.infer<typeof lineSchema>[]) => lines.map(({ what }) => what);

describe.each(["sqlite", "postgres"])("killed on %s", (kind) => {
  it.each([
    [
      "before it charged",
      "begins to charge a",
      ["begins to charge a", "begins to charge a", "charged a"],
      "charged",
    ],
    ["after it charged", "charged a", ["begins to charge a", "charged a"], "charged before"],
  ])(
    "a tool that says what became of its call charges once: %s",
    async (_when, killIn, did, output) => {
      const { told, lines } = await run(kind, [step("charge", "a")], [killIn]);
      expect(whats(lines)).toEqual(did);
      expect(new Set(lines.map(({ key }) => key)).size).toBe(1);
      expect(told).toMatchObject({ status: "done", pastSteps: [{ status: "done", output }] });
    },
    120_000,
  );

  const plan = ["a", "b", "c"].map((what) => step("book", what)).concat(step("pay", "x"));

  it.each([
    ["with a store", true],
    ["without a store", false],
  ])(
    "in the middle of undoing, %s: it goes on, and what was undone is not undone again",
    async (_with, hasStore) => {
      const { told, lines } = await run(
        kind,
        plan,
        ["begins to cancel b", "cancelled b", "begins to cancel a"],
        hasStore,
      );
      const did = whats(lines);
      expect(did.filter((what) => what.startsWith("booked"))).toEqual(["booked a", "booked b", "booked c"]);
      // What was in flight at a kill is called again, under the key that it had.
      expect(did.slice(3)).toEqual([
        ...["begins to cancel c", "cancelled c"],
        ...["begins to cancel b", "begins to cancel b", "cancelled b", "begins to cancel b", "cancelled b"],
        ...["begins to cancel a", "begins to cancel a", "cancelled a"],
      ]);
      const keys = new Map(
        lines.map(({ what, key }) => [what.replace("begins to cancel", "cancelled"), key]),
      );
      for (const { what, key } of lines) {
        expect(keys.get(what.replace("begins to cancel", "cancelled"))).toBe(key);
      }
      expect(told?.status).toBe("incomplete");
      expect(told?.outcome.undone?.map(({ args, status }) => [args.what, status])).toEqual([
        ["c", "undone"],
        ["b", "undone"],
        ["a", "undone"],
      ]);
    },
    180_000,
  );

  it("beside an undo that fails: the others are made, and it is told", async () => {
    const broken = [step("book", "a"), step("book", "broken"), step("pay", "x")];
    const { told, lines } = await run(kind, broken, ["begins to cancel a"]);
    expect(whats(lines).filter((what) => what === "begins to cancel broken")).toHaveLength(1);
    expect(told?.outcome.undone).toMatchObject([
      { args: { what: "broken" }, status: "not-undone", reason: expect.stringContaining("it is gone") },
      { args: { what: "a" }, status: "undone" },
    ]);
    expect(told?.response).toContain("Could not be undone");
  }, 120_000);
});
