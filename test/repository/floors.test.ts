import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import {
  findCycles,
  findImpureImports,
  findInsideImports,
  findUntidyRooms,
  findWrongDoors,
  findWrongFloors,
  floors,
} from "./floor-rules.js";
import { parseSource, readSourceFiles, repositoryRoot } from "./source-files.js";

const source = readSourceFiles("src");
const graphs = readSourceFiles("graphs");
const everything = [...source, ...graphs, ...readSourceFiles("test", "bench")];

describe("the floors of src", () => {
  it("are read at all", () => {
    expect(source.length).toBeGreaterThan(50);
    expect(source.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
  });

  it("import only from the floors above them", () => {
    expect(findWrongFloors(source)).toEqual([]);
  });

  it("stay pure down to policy: no LangChain, no Node, and zod only for plan and usage", () => {
    expect(findImpureImports(source)).toEqual([]);
  });

  it("are entered by their index, and walked inside by file", () => {
    expect(findWrongDoors(source)).toEqual([]);
  });

  it("are rooms of a readable size, each with its three lines", () => {
    expect(findUntidyRooms(source)).toEqual([]);
  });

  it("are all in the list of src/agent/DECISIONS.md, in this order", () => {
    const decisions = readFileSync(join(repositoryRoot, "src/agent/DECISIONS.md"), "utf8");
    const listed = [...decisions.matchAll(/^([\w-]+|index\.ts) {2,}\S|^(index\.ts)$/gm)].map(
      ([, room, index]) => room ?? index,
    );
    expect(listed).toEqual(
      floors.map((floor) => floor.split("/")[0]).filter((room, at, all) => all.indexOf(room) === at),
    );
  });

  it("have no cycle of imports, nor have graphs, test and bench", () => {
    expect(findCycles(everything)).toEqual([]);
  });

  it("import nothing that is not there", () => {
    const paths = new Set(everything.map(({ path }) => path));
    const targets = [...source, ...graphs].flatMap(({ imports }) => imports.map(({ target }) => target));
    expect(targets.filter((target) => target?.endsWith(".ts") && !paths.has(target))).toEqual([]);
  });
});

describe("graphs", () => {
  it("import the public surface only", () => {
    expect(findInsideImports(graphs)).toEqual([]);
  });
});

describe("the rules of the floors", () => {
  const files = (texts: Record<string, string>) =>
    Object.entries(texts).map(([path, text]) => parseSource(path, text));

  it("hold for each pair of floors", () => {
    const fileOn = (floor: string) => (floor.endsWith(".ts") ? `src/${floor}` : `src/${floor}/a.ts`);
    for (const [upper, name] of floors.entries()) {
      for (const [lower, other] of floors.entries()) {
        const from = fileOn(name);
        const to = posix.relative(posix.dirname(from), fileOn(other)).replace(/^(?!\.)/, "./");
        const found = findWrongFloors(
          files({ [from]: `export { a } from "${to.replace(/\.ts$/, ".js")}";` }),
        );
        expect(found, `${name} imports ${other}`).toHaveLength(lower > upper ? 1 : 0);
      }
    }
  });

  it("hold for each way to import", () => {
    const ways = [
      'import { a } from "../agent/index.js";',
      'import type { a } from "../agent/index.js";',
      'export { a } from "../agent/index.js";',
      'type A = import("../agent/index.js").A;',
      'await import("../agent/index.js");',
      'import "../agent/index.js";',
    ];
    expect(ways.map((way) => findWrongFloors(files({ "src/plan/a.ts": way })))).toEqual(
      ways.map(() => ["src/plan/a.ts:1 imports src/agent/index.ts, which is on a floor below"]),
    );
  });

  it("know no folder that is not in the list", () => {
    expect(findWrongFloors(files({ "src/utils/a.ts": "" }))).toEqual(["src/utils/a.ts is on no floor"]);
  });

  it("keep LangChain, Node and zod from the pure floors", () => {
    const texts = {
      "src/plan/a.ts": 'import { z } from "zod";',
      "src/policy/a.ts": 'import { z } from "zod";',
      "src/events/a.ts": 'import type { A } from "@langchain/core/messages";',
      "src/scheduler/a.ts": 'import "node:fs";',
      "src/state/a.ts": 'import "@langchain/langgraph";',
    };
    expect(findImpureImports(files(texts)).map((violation) => violation.split(" ")[0])).toEqual([
      "src/policy/a.ts:1",
      "src/events/a.ts:1",
      "src/scheduler/a.ts:1",
    ]);
  });

  it("see a file that is imported past its folder's index, and an index from inside", () => {
    const texts = {
      "src/tools/index.ts": 'export { b } from "./builtin/index.js";\nexport { c } from "./a.js";',
      "src/tools/a.ts": 'import "./index.js";',
      "src/tools/b.ts": 'import "./builtin/b.js";',
      "src/tools/builtin/index.ts": "",
      "src/tools/builtin/b.ts": 'import "../a.js";\nimport "../index.js";',
      "src/tools/plain/c.ts": "",
      "src/tools/d.ts": 'import "./plain/c.js";',
      "src/agent/a.ts":
        'import "../tools/a.js";\nimport "../tools/builtin/index.js";\nimport "../tools/index.js";',
    };
    expect(findWrongDoors(files(texts))).toEqual([
      "src/tools/a.ts:1 imports its own folder's index src/tools/index.ts",
      "src/tools/b.ts:1 imports src/tools/builtin/b.ts past src/tools/builtin/index.ts",
      "src/tools/builtin/b.ts:2 imports its own folder's index src/tools/index.ts",
      "src/agent/a.ts:1 imports src/tools/a.ts past src/tools/index.ts",
      "src/agent/a.ts:2 imports src/tools/builtin/index.ts past src/tools/index.ts",
    ]);
  });

  it("name the files of a cycle", () => {
    const texts = {
      "src/plan/a.ts": 'import "./b.js";',
      "src/plan/b.ts": 'import type { C } from "./c.js";',
      "src/plan/c.ts": 'import "./b.js";',
    };
    expect(findCycles(files(texts))).toEqual(["src/plan/b.ts -> src/plan/c.ts -> src/plan/b.ts"]);
  });

  it("let graphs import src/index.ts and packages, and nothing else of src", () => {
    const texts = {
      "graphs/a.ts":
        'import "../src/index.js";\nimport "langgraph-plan-execute";\nimport "../src/plan/index.js";',
    };
    expect(findInsideImports(files(texts))).toEqual([
      "graphs/a.ts:3 imports src/plan/index.ts: only src/index.ts is public",
    ]);
  });
});
