// Point 1 on the command line: a thread keeps what it was started with, so no flag has to be repeated.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Attack, areaOf, assertSetUp, judge, type NamedAttack, onCommand } from "../case.js";
import { callCommand } from "./command.js";

const writing = 'write "1" to a.txt';
const thread = ["--thread", "t"];
const gates = {
  "--approve-tools": ["--approve-tools", "write_file"],
  "--approve-plan": ["--approve-plan", "once"],
};
type Gate = keyof typeof gates;
const edited =
  '{"decisions":[{"type":"edit","editedAction":{"name":"write_file","args":{"path":"a.txt","content":"2"}}}]}';

/** A thread that waits, and the next command, without the flag. */
export const keptFlagsCases = areaOf(
  "command line",
  onCommand([
    ...(["--approve-tools", "--approve-plan"] as const).flatMap((gate) => [
      next(gate, "rejected", ["--resume", "reject"]),
      next(gate, "gone on with", []),
      next(gate, "rejected as JSON", ["--resume", '{"decisions":[{"type":"reject","message":"no"}]}']),
      next(gate, "given a new goal that writes", ['write "2" to a.txt']),
    ]),
    next("--approve-tools", "told to skip another step", ["--skip", "2"], `${writing}, write "2" to b.txt`),
    next("--approve-plan", "told to skip another step", ["--skip", "2"], `${writing}, write "2" to b.txt`),
    next("--approve-tools", "told something", ["--steer", "hurry up"]),
    {
      name: "A file that waits to be written is edited without the flag",
      expected: "the file as it was edited",
      async run(attack) {
        await begin(attack, "--approve-tools", writing);
        await callCommand(attack, [...thread, "--resume", edited]);
        return judge(contentOf(attack) === "2", `a.txt: ${contentOf(attack)}`);
      },
    },
    {
      name: "A file that waits to be written is approved without the flag",
      expected: "the file is written, once asked",
      async run(attack) {
        await begin(attack, "--approve-tools", writing);
        const { exitCode } = await callCommand(attack, [...thread, "--resume", "approve"]);
        return judge(
          contentOf(attack) === "1" && exitCode === 0,
          `exit ${exitCode}, a.txt: ${contentOf(attack)}`,
        );
      },
    },
    {
      name: "A flag that names no tool is misspelt",
      expected: "no file",
      async run(attack) {
        const { exitCode } = await callCommand(attack, ["--approve-tools", "writefile", writing]);
        const other = await callCommand(attack, ["--approve-tool", "write_file", writing]);
        return judge(contentOf(attack) === undefined, `exit ${exitCode} and ${other.exitCode}`);
      },
    },
  ]),
);

function next(gate: Gate, how: string, words: readonly string[], goal = writing): NamedAttack {
  return {
    name: `A thread that was begun with ${gate} is ${how} without it`,
    expected: "no file",
    async run(attack) {
      await begin(attack, gate, goal);
      const { exitCode } = await callCommand(attack, [...thread, ...words]);
      return judge(
        contentOf(attack) === undefined,
        `exit ${exitCode}, a.txt: ${contentOf(attack) ?? "not there"}`,
      );
    },
  };
}

async function begin(attack: Attack, gate: Gate, goal: string): Promise<void> {
  const { exitCode, stderr } = await callCommand(attack, [...gates[gate], ...thread, goal]);
  assertSetUp(exitCode === 4, `the command did not wait: exit ${exitCode}, ${stderr}`);
}

function contentOf({ folder }: Attack): string | undefined {
  const path = join(folder, "a.txt");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
