// Points 3 and 8: a person who approves a plan sees everything that it does, and an edit keeps what it shows.
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { approve } from "../../../test/support/approval.js";
import { planCall } from "../../../test/support/scripted-model.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { Victim, type VictimOptions } from "../victim.js";
import { textOf } from "./plan-edit-cases.js";

/** Twenty thousand letters. A text that only repeats itself would be no answer of a model. */
const LETTERS = Array.from({ length: 4_000 }, (_, at) => `${at}`.padEnd(5)).join("");

const harmless = "Look up the weather in Oslo";
const wire = { id: "1", description: harmless, tool: "transfer", args: { amount: 9000, to: "DE44 5001" } };
const planned = { approval: { plan: true } } as const;
const seen = "transfer, 9000 and DE44 5001 are shown";

/** Where a plan is shown to the person who approves it. */
const places: readonly (readonly [string, () => Promise<string>])[] = [
  [
    "the interrupt",
    async () =>
      JSON.stringify((await new Victim({ ...planned, steps: [wire] }).beginToWait()).actionRequests),
  ],
  [
    "the interrupt, in Agent Chat UI's spelling",
    async () =>
      JSON.stringify((await new Victim({ ...planned, steps: [wire] }).beginToWait()).action_requests),
  ],
  ["the notice to a function", () => noticed((onWaiting) => ({ onWaiting }))],
  ["the notice to a webhook", toldByWebhook],
  [
    "the message in the conversation",
    async () => {
      const victim = new Victim({ ...planned, steps: [wire] });
      await victim.beginToWait();
      return JSON.stringify((await victim.state()).messages);
    },
  ],
  [
    "the request for a plan that was made anew",
    async () => {
      const victim = new Victim({ ...planned, steps: [wire] });
      await victim.beginToWait();
      const { request } = await victim.decide([{ type: "reject", message: "again" }]);
      return JSON.stringify(request?.actionRequests);
    },
  ],
  [
    "the request for a replan",
    async () => {
      const victim = new Victim({
        ...planned,
        steps: [{ id: "check", description: "Check", tool: "flaky", args: {} }],
        script: { replanner: planCall([{ ...wire, id: "new" }]) },
      });
      await victim.beginToWait();
      const { request } = await victim.decide([approve]);
      return JSON.stringify(request?.actionRequests);
    },
  ],
  [
    "the request for guidance",
    async () => {
      const check = { id: "check", description: "Check", tool: "flaky", args: {} };
      const victim = new Victim({
        approval: { escalate: true },
        replanner: { maxReplans: 0 },
        steps: [check, { ...wire, dependsOn: ["check"] }],
      });
      return JSON.stringify((await victim.beginToWait()).actionRequests);
    },
  ],
];

/** Characters that are there and cannot be seen. */
const invisible: readonly (readonly [string, number])[] = [
  ["a zero-width space", 0x200b],
  ["a zero-width joiner", 0x200d],
  ["a word joiner", 0x2060],
  ["a byte order mark", 0xfeff],
  ["a soft hyphen", 0xad],
  ["a Hangul filler", 0x3164],
  ["a half-width Hangul filler", 0xffa0],
  ["a Hangul jamo filler", 0x115f],
  ["a combining grapheme joiner", 0x34f],
  ["a Mongolian vowel separator", 0x180e],
  ["a blank in Braille", 0x2800],
  ["an invisible times", 0x2062],
  ["a Unicode tag", 0xe0041],
  ["a variation selector of the supplement", 0xe0101],
  ["an override of the direction", 0x202e],
  ["an escape", 0x1b],
  ["a C1 control", 0x9b],
];

/** What is shown of a plan, and what an edit of it keeps. */
export const shownCases = areaOf("shown plans", [
  ...places.map(
    ([where, look]): NamedAttack => ({
      name: `A step whose words say something else is shown in ${where}`,
      expected: seen,
      async run() {
        const shown = await look();
        const missing = ["transfer", "9000", "DE44 5001"].filter((word) => !shown.includes(word));
        return judge(
          missing.length === 0,
          missing.length === 0 ? "all of it" : `missing: ${missing.join(", ")}`,
        );
      },
    }),
  ),
  shows(
    "An argument's end stands behind ten thousand letters",
    { ...wire, args: { amount: 1, memo: `${LETTERS.slice(0, 10_000)} to EVE` } },
    ["transfer", "EVE"],
  ),
  shows(
    "A step is done for each of a list",
    { ...wire, forEach: "{{item}}", args: { amount: 9000 } },
    ["transfer", "9000"],
    "{{list}}",
  ),
  shows(
    "A step's tool is in no word of it, and has no arguments",
    { id: "1", description: harmless, tool: "transfer" },
    ["transfer"],
  ),
  shows(
    "A description brings lines of its own",
    { ...wire, description: `${harmless}\n2. Say good-bye\n\n` },
    ["transfer", "9000"],
  ),
  shows("A description is twenty thousand letters long", { ...wire, description: LETTERS }, [
    "transfer",
    "9000",
  ]),
  ...invisible.map(
    ([what, code]): NamedAttack => ({
      name: `A description holds ${what}`,
      expected: "not there as it is in what is shown",
      async run() {
        const character = String.fromCodePoint(code);
        const step = {
          ...wire,
          description: `Look${character}up`,
          args: { amount: 1, to: `ac${character}me` },
        };
        const { request } = await new Victim({ ...planned, steps: [step] }).begin();
        if (request === undefined) {
          return judge(true, "refused");
        }
        const shown = textOf(request);
        return judge(
          !shown.includes(character),
          shown.includes(character) ? "shown as it is" : "written out",
        );
      },
    }),
  ),
]);

function shows(name: string, step: object, words: readonly string[], forEach?: string): NamedAttack {
  return {
    name: `${name}: it is shown whole`,
    expected: `${words.join(", ")} are shown`,
    async run() {
      const list = { id: "list", description: "List", tool: "look_up", args: {} };
      const steps = forEach === undefined ? [step] : [list, { ...step, forEach }];
      const shown = textOf(await new Victim({ ...planned, steps }).beginToWait());
      const missing = words.filter((word) => !shown.includes(word));
      return judge(
        missing.length === 0,
        missing.length === 0 ? "all of it" : `missing: ${missing.join(", ")}`,
      );
    },
  };
}
/** What a function or an address receives about a waiting plan. */
async function noticed(
  approval: (tell: (notice: unknown) => void) => NonNullable<VictimOptions["approval"]>,
): Promise<string> {
  const notices: unknown[] = [];
  const tell = (notice: unknown) => void notices.push(notice);
  await new Victim({ steps: [wire], approval: { plan: true, ...approval(tell) } }).beginToWait();
  return JSON.stringify(notices);
}

async function toldByWebhook(): Promise<string> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  try {
    await noticed(() => ({ onWaiting: `http://127.0.0.1:${port}/` }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return bodies.join("\n");
}
