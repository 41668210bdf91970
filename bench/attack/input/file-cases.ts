// Point 10 and what held before: hidden files are never visible, and nothing leads out of the folder.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBuiltinTools } from "../../../src/index.js";
import { areaOf, assertSetUp, judge, type NamedAttack } from "../case.js";

const SECRET = "the-secret-of-this-file";
const hidden = [
  ".env",
  ".env.local",
  ".git/config",
  ".langgraph_api/.langgraphjs_ops.json",
  ".plan-execute/threads.db",
  ".ssh/id_rsa",
  ".npmrc",
  "sub/.env",
  "sub/.git/HEAD",
  ".hidden/plain.txt",
];
/** Other ways to write the path of `.env`. */
const disguised = [
  "./.env",
  "sub/../.env",
  "././/.env",
  ".//.env",
  "sub/./../.env",
  "sub/.env/../../.env",
  ".env/",
  ".env/.",
];
const outside = [
  "../outside.txt",
  "sub/../../outside.txt",
  "..",
  "../",
  "./../outside.txt",
  "sub/..//../outside.txt",
  "link.txt",
  "linked/outside.txt",
  "linked/../outside.txt",
  "..\\outside.txt",
  "%2e%2e/outside.txt",
  "sub/link-to-root/../outside.txt",
  "file:///etc/passwd",
  "/etc/passwd",
  "//etc/passwd",
  "~/.ssh/id_rsa",
];
const reading = ["read_file", "csv_query", "json_query"] as const;

/** Files that must not be seen, and folders that must not be entered. */
export const fileCases = areaOf("files", [
  ...hidden.map(
    (path): NamedAttack => ({
      name: `The hidden ${path} is read, listed and asked like a table`,
      expected: "nothing of it",
      run: ({ folder }) => reads(folder, path),
    }),
  ),
  ...disguised.map(
    (path): NamedAttack => ({
      name: `The hidden .env is read as ${path}`,
      expected: "nothing of it",
      run: ({ folder }) => reads(folder, path),
    }),
  ),
  ...[
    ".env",
    ".git/hooks/pre-commit",
    ".new",
    "sub/.new",
    ".new/file.txt",
    ".langgraph_api/x.json",
    "./.bashrc",
    "sub/../.profile",
  ].map(
    (path): NamedAttack => ({
      name: `The hidden ${path} is written`,
      expected: "not written",
      async run({ folder }) {
        const { call, root } = setUp(folder);
        const before = textIn(join(root, path));
        const got = await call("write_file", { path, content: "pwned" });
        return judge(textIn(join(root, path)) === before, got);
      },
    }),
  ),
  {
    name: "The root folder is listed",
    expected: "no hidden name",
    async run({ folder }) {
      const { call } = setUp(folder);
      const got = await call("list_files", {});
      assertSetUp(got.includes("plain.txt"), `the root cannot be listed: ${got}`);
      return judge(!/"path":"[^"]*(^|\/)?\.\w/.test(got.replaceAll("plain.txt", "")), got);
    },
  },
  ...[".git", ".hidden", "sub/.git", "./.git", "sub/../.git"].map(
    (path): NamedAttack => ({
      name: `The hidden folder ${path} is listed`,
      expected: "nothing of it",
      async run({ folder }) {
        const got = await setUp(folder).call("list_files", { path });
        return judge(!/config|HEAD|plain/.test(got.replaceAll(path, "")), got);
      },
    }),
  ),
  {
    name: "A link that is seen leads to a hidden file",
    expected: "nothing of it",
    async run({ folder }) {
      const { call, root } = setUp(folder);
      symlinkSync(join(root, ".env"), join(root, "seen.txt"));
      symlinkSync(join(root, ".git"), join(root, "seen"));
      const got = [
        await call("read_file", { path: "seen.txt" }),
        await call("read_file", { path: "seen/config" }),
        await call("list_files", { path: "seen" }),
      ].join("; ");
      return judge(!got.includes(SECRET) && !/"path":"seen\/config"/.test(got), got);
    },
  },
  {
    name: "The root itself stands in a hidden folder",
    expected: "its files can be read",
    async run({ folder }) {
      const root = join(folder, ".state", "work");
      mkdirSync(root, { recursive: true });
      writeFileSync(join(root, "plain.txt"), "hello");
      const got = await toolsOf(root)("read_file", { path: "plain.txt" });
      return judge(got.includes("hello"), got);
    },
  },
  ...outside.flatMap((path) => [
    {
      name: `A file outside is read as ${path}`,
      expected: "nothing of it",
      run: ({ folder }: { readonly folder: string }) => reads(folder, path),
    },
    {
      name: `A file outside is written as ${path}`,
      expected: "as it was",
      async run({ folder }: { readonly folder: string }) {
        const { call } = setUp(folder);
        const got = await call("write_file", { path, content: "pwned" });
        return judge(textIn(join(folder, "outside.txt")) === SECRET && !existsSync("/etc/plan-execute"), got);
      },
    },
  ]),
]);

async function reads(folder: string, path: string) {
  const { call } = setUp(folder);
  const told = await Promise.all(reading.map((tool) => call(tool, { path })));
  const listed = await call("list_files", { path });
  const got = [...told, listed].join("; ");
  return judge(!got.includes(SECRET) && !got.includes("root:x:0"), got);
}

/** A folder with hidden files in it, and a file beside it. */
function setUp(folder: string) {
  const root = join(folder, "root");
  for (const path of [...hidden, "plain.txt", "sub/plain.txt"]) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), path.endsWith("plain.txt") && !path.startsWith(".") ? "hello" : SECRET);
  }
  writeFileSync(join(folder, "outside.txt"), SECRET);
  symlinkSync(join(folder, "outside.txt"), join(root, "link.txt"));
  symlinkSync(folder, join(root, "linked"));
  symlinkSync(root, join(root, "sub", "link-to-root"));
  return { root, call: toolsOf(root) };
}

function toolsOf(root: string) {
  const tools = new Map(createBuiltinTools({ root }).map((tool) => [tool.name, tool]));
  return async (name: string, args: object): Promise<string> => {
    try {
      return JSON.stringify(await tools.get(name)?.invoke({ ...args }));
    } catch (error) {
      return String(error);
    }
  };
}

function textIn(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
