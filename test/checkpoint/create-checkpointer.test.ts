import { describe, expect, it } from "vitest";
import { CheckpointerError, createCheckpointer } from "../../src/checkpoint/index.js";
import type { PackageLoader } from "../../src/langgraph/index.js";

const notInstalled: PackageLoader = async (name) => {
  throw Object.assign(new Error(`Cannot find package '${name}'`), { code: "ERR_MODULE_NOT_FOUND" });
};

function errorOf(url: string, load?: PackageLoader): Promise<unknown> {
  return createCheckpointer(url, { load }).then(
    () => "opened",
    (error: unknown) => error,
  );
}

describe("createCheckpointer", () => {
  it("imports no package for memory", async () => {
    expect((await createCheckpointer("memory:", { load: notInstalled })).kind).toBe("memory");
  });

  it.each([
    ["sqlite:threads.db", "@langchain/langgraph-checkpoint-sqlite@1.0.4"],
    ["postgres://localhost/db", "@langchain/langgraph-checkpoint-postgres@1.0.5"],
    ["postgresql://localhost/db", "@langchain/langgraph-checkpoint-postgres@1.0.5"],
  ])("names the package that %s needs, and how to install it", async (url, wanted) => {
    const error = await errorOf(url, notInstalled);
    expect(error).toBeInstanceOf(CheckpointerError);
    const name = wanted.slice(0, wanted.lastIndexOf("@"));
    expect(error).toMatchObject({
      code: "PACKAGE_MISSING",
      message: `The package ${name} is not installed (Cannot find package '${name}'). Install it: npm install ${wanted}`,
      cause: { code: "ERR_MODULE_NOT_FOUND" },
    });
  });

  it("says so when a package is there and does not load, or is not what was expected", async () => {
    const broken = async () => Promise.reject(new SyntaxError("Unexpected token"));
    expect(await errorOf("sqlite:threads.db", broken)).toMatchObject({
      code: "PACKAGE_MISSING",
      message: expect.stringContaining("does not load (Unexpected token)"),
    });
    for (const module of [{}, undefined, { SqliteSaver: 1 }, { SqliteSaver: class {} }]) {
      expect(await errorOf("sqlite:threads.db", async () => module)).toMatchObject({
        code: "PACKAGE_MISSING",
        message: expect.stringContaining("does not have what was expected of it"),
      });
    }
  });

  it.each([
    new Error("Could not locate the bindings file. Tried:\n → /app/node_modules/better-sqlite3/build/…"),
    Object.assign(new Error("was compiled against a different Node.js version"), {
      code: "ERR_DLOPEN_FAILED",
    }),
  ])("says so when SQLite is installed but was not built: %s", async (cause) => {
    const fromConnString = () => {
      throw cause;
    };
    expect(await errorOf("sqlite::memory:", async () => ({ SqliteSaver: { fromConnString } }))).toMatchObject(
      {
        code: "PACKAGE_MISSING",
        message: expect.stringMatching(/has no SQLite that was built for this Node .*npm install @langchain/),
        cause,
      },
    );
  });

  it.each([
    ["", "it has no scheme"],
    ["./threads.db", "it has no scheme"],
    ["mysql://user:s3cret@host/db", '"mysql:" is not known'],
    ["redis:6379", '"redis:" is not known'],
    ["memory:threads", "memory: takes no path"],
    ["sqlite:", "sqlite: needs a path"],
    ["sqlite://", "sqlite: needs a path"],
  ])("lists what it understands when asked for %j", async (url, what) => {
    const error = await errorOf(url);
    expect(error).toMatchObject({
      code: "UNKNOWN_URL",
      message: `Nothing opens this URL: ${what}. Understood are: memory:, sqlite:<path>, sqlite::memory:, postgres://<user>:<password>@<host>:<port>/<database>, postgresql://…`,
    });
    expect(String(error)).not.toContain("s3cret");
  });

  it("takes a scheme in any case", async () => {
    expect((await createCheckpointer("MEMORY:")).kind).toBe("memory");
  });
});
