import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../repository/source-files.js";
import { anchorsOf, fileLinks, readPages, unknownBlocks } from "./pages.js";

const pages = readPages();

describe("README and docs", () => {
  test("README is read in five minutes: it has at most 15 kB", () => {
    expect(Buffer.byteLength(pages[0]?.text ?? "")).toBeLessThan(15_000);
  });

  test("README leads to every guide", () => {
    const linked = new Set(fileLinks(pages[0] ?? { path: "", text: "" }));
    expect(pages.slice(1).flatMap(({ path }) => (linked.has(path) ? [] : [path]))).toEqual([]);
  });

  test("each link leads to a file that is there, and to a heading in it", () => {
    const broken = pages.flatMap((page) =>
      fileLinks(page).flatMap((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page.path : posix.join(dirname(page.path), path);
        if (!existsSync(join(repositoryRoot, target))) {
          return [`${page.path}: ${link}`];
        }
        const isThere =
          anchor === undefined ||
          anchorsOf(readFileSync(join(repositoryRoot, target), "utf8")).includes(anchor);
        return isThere ? [] : [`${page.path}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  test("each block says its language, so that none is left unchecked", () => {
    expect(pages.flatMap((page) => unknownBlocks(page).map((block) => `${page.path}: ${block}`))).toEqual([]);
  });
});
