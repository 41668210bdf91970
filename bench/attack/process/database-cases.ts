// Points 15 and 19: databases in impossible places, and who may read the files of possible ones.
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createAuditLog,
  createCheckpointer,
  createFileTools,
  createStore,
  PlanExecuteError,
} from "../../../src/index.js";
import { type Attack, areaOf, assertSetUp, judge, type NamedAttack, onCommand } from "../case.js";
import { callCommand } from "./command.js";

const impossible: readonly (readonly [string, (folder: string) => string])[] = [
  ["a folder of /proc", () => "sqlite:/proc/x/y.db"],
  ["a process's own folder of /proc", () => "sqlite:/proc/self/x/y.db"],
  ["a file of /proc itself", () => "sqlite:/proc/y.db"],
  ["a folder of /sys", () => "sqlite:/sys/x/y.db"],
  ["a folder below a device", () => "sqlite:/dev/null/y.db"],
  ["a device that is full", () => "sqlite:/dev/full"],
  ["a folder itself", (folder) => `sqlite:${folder}`],
  ["a file that is no database", (folder) => `sqlite:${fileIn(folder, "text")}`],
  ["a folder below a file", (folder) => `sqlite:${join(fileIn(folder, "text"), "x", "y.db")}`],
  ["a path of 5,000 letters", (folder) => `sqlite:${join(folder, "x".repeat(5_000))}`],
  ["a path with a NUL", (folder) => `sqlite:${join(folder, "x\0y.db")}`],
  ["no path", () => "sqlite:"],
  ["a port where nobody listens", () => "postgres://user:secret@127.0.0.1:1/x"],
];
const modes = [0o600, 0o640, 0o644, 0o700, 0o755, 0o400];

/** Files of databases, and files that tools write. */
export const databaseCases = areaOf("files of the process", [
  ...impossible.flatMap(([where, toUrl]) => [
    opens(`A checkpointer is opened at ${where}`, ({ folder }) => createCheckpointer(toUrl(folder))),
    opens(`A store is opened at ${where}`, ({ folder }) => createStore(toUrl(folder))),
  ]),
  ...onCommand(
    impossible.slice(0, 5).map(
      ([where, toUrl]): NamedAttack => ({
        name: `The command is given a database at ${where}`,
        expected: "an exit code that is not 0, without a stack",
        async run(attack) {
          const { exitCode, stderr } = await callCommand(attack, [
            "--checkpointer",
            toUrl(attack.folder),
            "6*7",
          ]);
          const hasStack = /^\s+at .+:\d+:\d+\)?$/m.test(stderr);
          return judge(
            exitCode !== 0 && exitCode !== null && !hasStack,
            `exit ${exitCode}, ${stderr.slice(0, 80)}`,
          );
        },
      }),
    ),
  ),
  ...onCommand([
    {
      name: "The command begins a project below /proc",
      expected: "an exit code that is not 0, soon",
      async run(attack) {
        const { exitCode } = await callCommand(attack, ["init", "/proc/x/agent"]);
        return judge(exitCode !== 0 && exitCode !== null, `exit ${exitCode}`);
      },
    },
  ]),
  opens("An audit log is opened below /proc", async () => createAuditLog({ path: "/proc/x/audit.jsonl" })),
  {
    name: "The command makes its folder and its database, and others look",
    expected: "0700, and 0600 for each file",
    async run(attack) {
      await callCommand(attack, ["Calculate 6*7"], { before: "umask 022" });
      return judgeModes(join(attack.folder, ".plan-execute"), true);
    },
  },
  ...(
    [
      ["checkpointer", createCheckpointer],
      ["store", createStore],
    ] as const
  ).map(
    ([what, open]): NamedAttack => ({
      name: `A ${what} makes a folder and a database, and others look while it is open`,
      expected: "0700, and 0600 for each file",
      async run({ folder }) {
        const mask = process.umask(0o022);
        const opened = await open(`sqlite:${join(folder, "new", "threads.db")}`);
        try {
          return judgeModes(join(folder, "new"), true);
        } finally {
          process.umask(mask);
          await opened.close();
        }
      },
    }),
  ),
  {
    name: "A database is made in a folder that is there already",
    expected: "0600 for each file, the folder as it was",
    async run({ folder }) {
      mkdirSync(join(folder, "shared"));
      chmodSync(join(folder, "shared"), 0o755);
      const { close } = await createCheckpointer(`sqlite:${join(folder, "shared", "threads.db")}`);
      try {
        const mode = modeOf(join(folder, "shared"));
        const { isHeld, got } = judgeModes(join(folder, "shared"), false);
        return judge(isHeld && mode === 0o755, got);
      } finally {
        await close();
      }
    },
  },
  ...modes.map(
    (mode): NamedAttack => ({
      name: `A file of the mode 0${mode.toString(8)} is written anew by write_file`,
      expected: "the same mode, or refused",
      async run({ folder }) {
        const path = join(folder, "file");
        writeFileSync(path, "old");
        chmodSync(path, mode);
        const [, write] = createFileTools({ root: folder });
        await write.invoke({ path: "file", content: "new" }).catch(String);
        return judge(modeOf(path) === mode, `0${modeOf(path).toString(8)}`);
      },
    }),
  ),
]);

function opens(
  name: string,
  open: (attack: Attack) => Promise<{ readonly close: () => unknown }>,
): NamedAttack {
  return {
    name,
    expected: "an error of ours, soon",
    deadlineMs: 8_000,
    async run(attack) {
      try {
        const { close } = await open(attack);
        await close();
        return judge(false, "it was opened");
      } catch (error) {
        const isSecret = String(error).includes("secret");
        return judge(error instanceof PlanExecuteError && !isSecret, String(error).slice(0, 100));
      }
    },
  };
}

function judgeModes(folder: string, isFolderOurs: boolean) {
  const files = readdirSync(folder);
  assertSetUp(files.length > 0, "no file was made");
  const found = [...files.map((file) => [file, modeOf(join(folder, file)), 0o600] as const)];
  const all = isFolderOurs ? [["folder", modeOf(folder), 0o700] as const, ...found] : found;
  const told = all.map(([name, mode]) => `${name} 0${mode.toString(8)}`).join(", ");
  return judge(
    all.every(([, mode, wanted]) => mode === wanted),
    told,
  );
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

function fileIn(folder: string, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, "this is no database, but it is long enough to be looked at as one ".repeat(20));
  return path;
}
