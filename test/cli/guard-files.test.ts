import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createReplaceCheck } from "../../src/tools/index.js";
import { callCommand, person, temporaryFolder } from "./test-surroundings.js";

const goal = 'write "new" to a.txt';

/** A folder with a file that says something. */
function folderWith(text: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "a.txt"), text);
  return { folder, read: () => readFileSync(join(folder, "a.txt"), "utf8") };
}

it("a new file needs no leave, and the same text again changes nothing", async () => {
  const folder = temporaryFolder();
  expect(await callCommand([goal], { folder })).toMatchObject({ exitCode: 0 });
  expect(await callCommand([goal], { folder })).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("new");
});

it("a file is not replaced where nobody can be asked, unless --yes says so", async () => {
  const { folder, read } = folderWith("old");
  const refused = await callCommand([goal], { folder });
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toContain(
    "a.txt is there already, and nobody is here who could be asked. --yes lets",
  );
  expect(read()).toBe("old");
  const asJson = await callCommand([goal, "--json"], { folder, ...person() });
  expect([asJson.exitCode, read()]).toEqual([3, "old"]);
  expect(await callCommand([goal, "--yes"], { folder })).toMatchObject({ exitCode: 0 });
  expect(read()).toBe("new");
});

it("a file is replaced in a terminal once the person has said so", async () => {
  const { folder, read } = folderWith("old");
  const no = await callCommand([goal], { folder, ...person("r") });
  expect(no.stderr).toContain("write_file: a.txt is there already, and this replaces what it says.\n");
  expect(read()).toBe("old");
  expect(await callCommand([goal], { folder, ...person("a") })).toMatchObject({ exitCode: 0 });
  expect(read()).toBe("new");
});

it("--yes holds for its call alone, and lets nothing pass that --approve-tools holds back", async () => {
  const { folder, read } = folderWith("old");
  const words = ["--thread", "t", "--yes"];
  const asked = await callCommand([...words, "--approve-tools", "write_file", goal], { folder });
  expect([asked.exitCode, read()]).toEqual([4, "old"]);
  expect(await callCommand(["--thread", "t", "--resume", "approve"], { folder })).toMatchObject({
    exitCode: 0,
  });
  writeFileSync(join(folder, "a.txt"), "other");
  await callCommand(["--thread", "u", "--yes", "Calculate 1+1"], { folder });
  expect(await callCommand(["--thread", "u", goal], { folder })).toMatchObject({ exitCode: 3 });
  expect(read()).toBe("other");
});

it("what cannot be written, or lies outside, counts as nothing; what is no text counts as something", async () => {
  const { folder } = folderWith("old");
  mkdirSync(join(folder, "d"));
  writeFileSync(join(folder, "b.bin"), Buffer.from([0, 1]));
  symlinkSync("/etc", join(folder, "etc"));
  const wouldReplace = createReplaceCheck({ root: folder });
  const answers = ["a.txt", "b.bin", "none.txt", "d", "../x", "/etc/passwd", "etc/passwd", ".env"].map(
    (path) => wouldReplace({ path, content: "new" }),
  );
  expect(await Promise.all(answers)).toEqual([true, true, false, false, false, false, false, false]);
  expect(await wouldReplace({ path: "a.txt", content: "old" })).toBe(false);
  expect(await wouldReplace({ path: 7 })).toBe(false);
});
