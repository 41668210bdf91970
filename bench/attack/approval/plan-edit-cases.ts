// Point 3: an edit of a plan keeps what it shows, and nothing else.
import type { ShownRequest } from "../../../test/support/approval.js";
import { areaOf, assertSetUp, judge, type NamedAttack } from "../case.js";
import { payStep, Victim } from "../victim.js";

const planned = { approval: { plan: true } } as const;

/** Plans whose lines are sent back, changed. */
export const planEditCases = areaOf("edited plans", [
  ...[0, 1, 2].map(deletes),
  edits("sent back as it was shown", (blocks) => blocks),
  edits("turned around", (blocks) => [...blocks].reverse()),
  edits("sent back with its first line twice", (blocks) => [blocks[0] ?? "", ...blocks]),
  {
    name: "A description imitates the line of another step, and the plan is sent back as it was shown",
    expected: "what was shown, each once",
    async run() {
      const first = { ...payStep, id: "1", description: "Pay", args: { amount: 1 } };
      const probe = new Victim({ ...planned, steps: [first] });
      const line = textOf(await probe.beginToWait()).replace(/^\s*1[.)]\s*/, "");
      const victim = new Victim({
        ...planned,
        steps: [
          { ...first, description: line, args: { amount: 9000 }, id: "2" },
          { ...first, id: "1" },
        ],
      });
      const request = await victim.beginToWait();
      const kept = toBlocks(textOf(request)).filter((block) => !block.includes("9000"));
      assertSetUp(kept.length > 0, "no line is without 9000");
      await victim.decide([editOf(kept.join("\n"))]);
      return judge(
        victim.callsOf("pay").every(({ args }) => args.amount !== 9000),
        victim.told(),
      );
    },
  },
  {
    name: "A line's words are changed, and its arguments are not",
    expected: "the old call is not made unseen",
    async run() {
      const victim = new Victim({
        ...planned,
        steps: [{ ...payStep, description: "Pay it", args: { amount: 9000 } }],
        script: { agent: "said" },
      });
      const request = await victim.beginToWait();
      await victim.decide([editOf(textOf(request).replace("Pay it", "Only say hello"))]);
      const state = JSON.stringify((await victim.state()).plan);
      return judge(victim.callsOf("pay").length === 0 || state.includes("9000"), victim.told());
    },
  },
]);

/** Three lines that read alike, one of which a person removes. */
function deletes(at: number): NamedAttack {
  return edits(
    `sent back without line ${at + 1} of three that read alike`,
    (blocks) => blocks.filter((_, index) => index !== at),
    [1, 2, 3].filter((amount) => amount !== at + 1),
  );
}

function edits(
  how: string,
  edit: (blocks: readonly string[]) => readonly string[],
  amounts: readonly number[] = [1, 2, 3],
): NamedAttack {
  return {
    name: `A plan of like lines is ${how}`,
    expected: `payments of ${amounts.join(", ")}, each once`,
    async run() {
      const steps = [1, 2, 3].map((amount) => ({
        ...payStep,
        id: `p${amount}`,
        description: "Pay the bill",
        args: { amount },
        dependsOn: [],
      }));
      const victim = new Victim({ ...planned, steps, script: { agent: "said" } });
      const blocks = toBlocks(textOf(await victim.beginToWait()));
      assertSetUp(blocks.length === 3, `${blocks.length} lines are shown`);
      const { request } = await victim.decide([editOf(edit(blocks).join("\n"))]);
      const paid = victim
        .callsOf("pay")
        .map(({ args }) => args.amount)
        .sort();
      const isRefused = request?.error !== undefined && paid.length === 0;
      return judge(
        isRefused || JSON.stringify(paid) === JSON.stringify(amounts),
        isRefused ? "refused" : victim.told(),
      );
    },
  };
}

/** The plan as a person reads it. */
export function textOf({ actionRequests }: ShownRequest): string {
  return String(actionRequests[0]?.args.plan);
}

/** The steps of a plan's text. Each begins with its number or its id. */
function toBlocks(shown: string): string[] {
  return shown
    .split(/^(?=\s*(?:\d+[.)]|\[[^\]]+\])\s)/m)
    .map((block) => block.trimEnd())
    .filter((block) => block !== "");
}

function editOf(plan: string) {
  return { type: "edit", editedAction: { name: "plan", args: { plan } } } as const;
}
