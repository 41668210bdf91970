import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder with these files, which goes with the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A module with two tools and a rule, as files name one. */
export const MODULE = `import { tool } from "@langchain/core/tools";
import { z } from "zod";
export const charge = tool(({ to, amount }) => ({ to, amount }), {
  name: "charge",
  description: "Charges an account.",
  schema: z.object({ to: z.string(), amount: z.number() }),
});
export const look = tool(() => "found", {
  name: "look",
  description: "Looks something up.",
  schema: z.object({}),
  metadata: { readOnly: true },
});
export const isLarge = ({ amount }) => amount > 100;
export const notATool = 1;
`;
