// Points 8 and 15: what the command shows, and what happens if it cannot show it.

import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { planReply } from "../../../test/support/openai-server.js";
import { type Attack, areaOf, judge, type NamedAttack, onCommand } from "../case.js";
import { type Called, type CallOptions, callCommand, startCommand, withModel } from "./command.js";

const invisible: readonly (readonly [string, readonly number[]])[] = [
  ["zero-width characters", [0x200b, 0x200c, 0x200d, 0x2060, 0xfeff]],
  ["soft hyphens and joiners", [0xad, 0x34f, 0x180e, 0x2062, 0x2063]],
  ["fillers and blanks that are none", [0x115f, 0x1160, 0x3164, 0xffa0, 0x2800]],
  ["Unicode tags and a selector", [0xe0001, 0xe0041, 0xe007f, 0xe0101]],
  ["controls and turns of direction", [0x07, 0x1b, 0x7f, 0x9b, 0x202e, 0x2066]],
];
const CONTROLS = /[^\P{Cc}\n\t]/u;
const STACK = /^\s+at .+:\d+:\d+\)?$/m;
const nasty = "all\u009b31m well\u001b[2J \u0085 done\u0090";

/** What is shown on the screen, and output that cannot be written. */
export const outputCases = areaOf(
  "output",
  onCommand([
    ...invisible.flatMap(([what, codes]) => [
      hides(what, codes, "--approve-tools"),
      hides(what, codes, "--approve-plan"),
    ]),
    shown("the answer", ["say it"], ({ stdout }) => stdout),
    shown("the answer as JSON", ["--json", "say it"], ({ stdout }) => stdout),
    shown("the events", ["--events", "--quiet", "say it"], ({ stderr }) => stderr),
    shown("the list of threads", ["--threads"], ({ stdout }) => stdout, [["--thread", "t", `say ${nasty}`]]),
    shown(
      "the line that says how to go on",
      ["--thread", "t\u009b1m\u001b[2J", "say it"],
      ({ stderr }) => stderr,
    ),
    {
      name: "The answer as JSON is what the model said, controls and all",
      expected: "the same text, when it is read",
      run: (attack) =>
        withModel(
          () => ({ text: nasty }),
          async ({ environment }) => {
            const { stdout } = await callCommand(attack, ["--json", "say it"], { environment });
            const read: unknown = JSON.parse(stdout);
            const response: unknown = Reflect.get(Object(read), "response");
            return judge(response === nasty && !CONTROLS.test(stdout), JSON.stringify(response));
          },
        ),
    },
    {
      name: "A model's error says what a terminal would do",
      expected: "no control character on the screen",
      run: (attack) =>
        withModel(
          () => ({ status: 400, text: `no\u001b[2J such\u009b31m model` }),
          async ({ environment }) => {
            const { stdout, stderr } = await callCommand(attack, ["say it"], { environment });
            return judge(!CONTROLS.test(stdout + stderr), JSON.stringify(stderr.slice(-80)));
          },
        ),
    },
    full("stdout", { redirect: "> /dev/full" }),
    full("stdout, as JSON", { redirect: "> /dev/full" }, ["--json"]),
    full("stdout, quietly", { redirect: "> /dev/full" }, ["--quiet"]),
    full("stderr", { redirect: "2> /dev/full" }, [], true),
    full("stderr, with events", { redirect: "2> /dev/full" }, ["--events"], true),
    // Node opens a closed stream as /dev/null, so nobody can tell.
    full("a stdout that is closed", { redirect: ">&-" }, [], true),
    full("a stderr that is closed", { redirect: "2>&-" }, [], true),
    ...[[], ["--json"], ["--events"]].map(
      (flags): NamedAttack => ({
        name: `Who reads stdout goes away in mid-run${flags.length === 0 ? "" : `, with ${flags.join(" ")}`}`,
        expected: "the work is done, or the exit code is not 0",
        run: (attack) => leavesInMidRun(attack, flags),
      }),
    ),
  ]),
);

/** A call that waits and whose arguments hold invisible characters. */
function hides(
  what: string,
  codes: readonly number[],
  gate: "--approve-tools" | "--approve-plan",
): NamedAttack {
  const flag = gate === "--approve-plan" ? "once" : "write_file";
  return {
    name: `${what.charAt(0).toUpperCase()}${what.slice(1)} stand in what waits by ${gate}`,
    expected: "written out, each of them",
    run: (attack) =>
      withModel(
        () =>
          planReply([
            {
              id: "w",
              description: `Write it${codes.map((code) => String.fromCodePoint(code)).join("")}`,
              tool: "write_file",
              args: {
                path: "a.txt",
                content: codes.map((code) => `x${String.fromCodePoint(code)}`).join(""),
              },
            },
          ]),
        async ({ environment }) => {
          const { exitCode, stdout, stderr } = await callCommand(attack, [gate, flag, "write it"], {
            environment,
          });
          const shown = stdout + stderr;
          const raw = codes.filter((code) => shown.includes(String.fromCodePoint(code)));
          const unseen = codes.filter((code) => !isWrittenOut(shown.toLowerCase(), code));
          const told = [
            ...raw.map((code) => `raw ${code.toString(16)}`),
            ...unseen.map((code) => `gone ${code.toString(16)}`),
          ];
          return judge(
            exitCode === 4 && told.length === 0,
            `exit ${exitCode}, ${told.join(", ") || "all written out"}`,
          );
        },
      ),
  };
}

/** Whether a character is written out, by its number or by those of its halves. */
function isWrittenOut(shown: string, code: number): boolean {
  const halves = String.fromCodePoint(code)
    .split("")
    .map((half) => half.charCodeAt(0).toString(16));
  return shown.includes(code.toString(16)) || halves.every((half) => shown.includes(half));
}

function shown(
  where: string,
  words: readonly string[],
  look: (called: Called) => string,
  before: readonly (readonly string[])[] = [],
): NamedAttack {
  return {
    name: `Control characters come into ${where}`,
    expected: "none of them raw",
    run: (attack) =>
      withModel(
        () => ({ text: nasty }),
        async ({ environment }) => {
          for (const words of before) {
            await callCommand(attack, words, { environment });
          }
          const called = await callCommand(attack, words, { environment });
          const found = CONTROLS.exec(look(called))?.[0];
          const isFine = found === undefined && look(called) !== "";
          return judge(
            isFine,
            found === undefined ? `exit ${called.exitCode}` : `raw ${found.charCodeAt(0).toString(16)}`,
          );
        },
      ),
  };
}

/** A place to which nothing can be written. */
function full(
  what: string,
  options: CallOptions,
  flags: readonly string[] = [],
  mayBeDone = false,
): NamedAttack {
  return {
    name: `Nothing can be written to ${what}`,
    expected: mayBeDone ? "no stack, an end" : "no stack, an exit code that is not 0",
    async run(attack) {
      const { exitCode, stdout, stderr } = await callCommand(attack, [...flags, "Calculate 6*7"], options);
      const hasStack = STACK.test(stdout + stderr) || stderr.includes("Unhandled");
      const isToldApart = mayBeDone ? exitCode !== null : exitCode !== 0 && exitCode !== null;
      return judge(!hasStack && isToldApart, `exit ${exitCode}${hasStack ? ", a stack" : ""}`);
    },
  };
}

function leavesInMidRun(attack: Attack, flags: readonly string[]) {
  const [first, second, last] = [1, 2, 3].map((number) => ({
    id: `${number}`,
    description: `Write ${number}.txt`,
    tool: "write_file",
    ...(number === 2 ? { args: { path: "2.txt", content: "2" } } : {}),
    dependsOn: number === 1 ? [] : [`${number - 1}`],
  }));
  let leave = () => {};
  return withModel(
    async (index) => {
      if (index === 0) {
        return planReply([first, second, last], "3");
      }
      if (index === 1) {
        leave();
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      const path = index === 1 ? "1.txt" : "3.txt";
      return { calls: [{ name: "write_file", args: { path, content: "" } }] };
    },
    async ({ environment }) => {
      const child = startCommand(attack, [...flags, "write twice"], { environment });
      leave = () => child.stdout?.destroy();
      child.stderr?.resume();
      child.stdout?.resume();
      await once(child, "exit");
      const isDone = existsSync(join(attack.folder, "3.txt"));
      return judge(isDone || child.exitCode !== 0, `exit ${child.exitCode}, ${isDone ? "done" : "not done"}`);
    },
  );
}
