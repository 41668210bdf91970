// What held before: references, plans that are made to hurt, and what may be revealed about secrets.

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { readPlan, validatePlan } from "../../../src/index.js";
import { hostileAnswer } from "../../../test/support/hostile-answers.js";
import { runHostile } from "../../../test/support/hostile-run.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { payStep, Victim } from "../victim.js";
import { judgeCost, measure } from "./measure.js";

/** The repository's folder, in which the cases run. */
const repository = process.cwd();
const bill = { id: "bill", description: "Read the bill", tool: "bill", args: {} };
const references = [
  "{{bill.__proto__}}",
  "{{bill.constructor}}",
  "{{bill.constructor.constructor}}",
  "{{bill.toString}}",
  "{{bill.items.length}}",
  "{{bill.items.__proto__.push}}",
  "{{__proto__}}",
  "{{constructor.name}}",
  "{{process.env.PATH}}",
  "{{pay}}",
  "{{item}}",
  "{{other}}",
  "{{bill.items.99999999999}}",
  "{{bill.items.-1}}",
  "{{{{bill}}}}",
  "{{bill.",
];
const fill = (part: string, length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length);
const many = (count: number, make: (index: number) => object) => ({
  steps: Array.from({ length: count }, (_, index) => make(index)),
});

/** Plans as a hostile model writes them, 100 kB each or more. */
const plans: readonly (readonly [string, () => unknown])[] = [
  ["a text of 100,000 braces", () => fill("{", 100_000)],
  ["a text of fences", () => fill("```json\n{", 100_000)],
  ["a text of half a plan, again and again", () => fill('{"steps":[{"id":"a",', 100_000)],
  ["fifty thousand lists in each other", () => JSON.parse(fill("[", 5_000) + fill("]", 5_000))],
  [
    "references without end in one argument",
    () => many(1, () => ({ ...payStep, args: { amount: 1, memo: fill("{{a}}", 100_000) } })),
  ],
  [
    "references that never close",
    () => many(1, () => ({ ...payStep, args: { amount: 1, memo: fill("{{", 100_000) } })),
  ],
  [
    "blanks in references",
    () => many(1, () => ({ ...payStep, args: { amount: 1, memo: `{{${fill(" ", 100_000)}x` } })),
  ],
  [
    "a hundred steps that all depend on all",
    () =>
      many(100, (index) => ({
        ...payStep,
        id: `s${index}`,
        dependsOn: Array.from({ length: 100 }, (_, at) => `s${at}`),
      })),
  ],
  [
    "a circle of two hundred steps",
    () => many(200, (index) => ({ ...payStep, id: `s${index}`, dependsOn: [`s${(index + 1) % 200}`] })),
  ],
  ["two hundred steps of the same id", () => many(200, () => payStep)],
  [
    "two hundred tools that nearly are there",
    () => many(200, (index) => ({ ...payStep, id: `s${index}`, tool: fill("pa", 60) })),
  ],
  ["an id of 100,000 letters", () => many(1, () => ({ ...payStep, id: fill("a", 100_000) }))],
  ["a tool of 100,000 letters", () => many(1, () => ({ ...payStep, tool: fill("pay", 100_000) }))],
];

/** References, plans and secrets. */
export const planCases = areaOf("hostile plans", [
  ...references.map(
    (reference): NamedAttack => ({
      name: `A payment's memo is ${reference}`,
      expected: "nothing of JavaScript's own, nothing of the process",
      async run() {
        const victim = new Victim({
          steps: [bill, { ...payStep, args: { amount: 1, memo: `to ${reference}` }, dependsOn: ["bill"] }],
          replanner: { maxReplans: 0 },
          script: { agent: "said" },
          moreTools: (spied) => [
            spied.spy("bill", z.object({}), () => ({ total: 5, items: ["a", "b"] }), true),
          ],
        });
        await victim.begin();
        const told = victim.told();
        return judge(!/native code|function|\/usr\/bin|\[object/.test(told) && !("polluted" in {}), told);
      },
    }),
  ),
  ...plans.map(
    ([what, make]): NamedAttack => ({
      name: `A plan is ${what}`,
      expected: "at most 200 ms, 100 MB",
      isAlone: true,
      deadlineMs: 5_000,
      async run() {
        const tools = [{ name: "pay", readOnly: false }];
        validatePlan({ steps: [payStep] }, { tools });
        const plan = make();
        return judgeCost(
          await measure(async () => {
            const read = readPlan(plan, { tools });
            return validatePlan(read.found ? read.plan : plan, { tools, maxSteps: 12 }).length;
          }),
        );
      },
    }),
  ),
  ...(["tool", "json", "text"] as const).map(
    (method): NamedAttack => ({
      name: `Planner and replanner answer anything at all, by ${method}`,
      expected: "each run ends with a status",
      deadlineMs: 60_000,
      async run({ random }) {
        const hostileCase = fc.record({
          method: fc.constant(method),
          when: fc.constantFrom("needed" as const, "every-step" as const),
          answers: fc.array(hostileAnswer, { minLength: 1, maxLength: 3 }),
        });
        const faults: string[] = [];
        for (const hostile of fc.sample(hostileCase, { numRuns: 8, seed: Math.floor(random() * 2 ** 31) })) {
          faults.push(...(await runHostile(hostile)));
        }
        return judge(faults.length === 0, faults.join("; ") || "8 runs");
      },
    }),
  ),
]);

/** What nobody else may learn. */
export const secretCases = areaOf("secrets", [
  ...[".env", ".env.local", "graphs/.env"].flatMap((path): NamedAttack[] => [
    {
      name: `${path} is about to be committed`,
      expected: "git ignores it",
      async run() {
        const { status } = spawnSync("git", ["check-ignore", "-q", "--no-index", path], { cwd: repository });
        return judge(status === 0, `git says ${status}`);
      },
    },
    {
      name: `${path} is about to be copied into an image`,
      expected: "Docker ignores it",
      async run() {
        const lines = readFileSync(join(repository, ".dockerignore"), "utf8").split("\n");
        const found = lines.filter((line) => matches(line.trim(), path));
        return judge(found.length > 0, found.join(", ") || "no line is about it");
      },
    },
  ]),
  {
    name: "A webhook's address is a secret, and nobody answers there",
    expected: "it is in no event, and not in the state",
    async run() {
      const events: unknown[] = [];
      const victim = new Victim({
        approval: {
          tools: { pay: true },
          onWaiting: "http://127.0.0.1:1/the-password?key=the-key",
        },
        onEvent: (event) => events.push(event),
      });
      await victim.begin();
      const text = JSON.stringify([events, await victim.state()]);
      return judge(!text.includes("the-password") && !text.includes("the-key"), "looked through");
    },
  },
  {
    name: "A webhook answers with a redirect to this machine",
    expected: "it is not followed",
    async run() {
      const paths: string[] = [];
      const server = createServer((request, response) => {
        paths.push(request.url ?? "");
        response.writeHead(307, { location: "/inside" }).end();
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const port = typeof address === "object" ? address?.port : address;
      const victim = new Victim({
        approval: { tools: { pay: true }, onWaiting: `http://127.0.0.1:${port}/` },
      });
      await victim.begin();
      server.closeAllConnections();
      server.close();
      return judge(paths.length > 0 && !paths.includes("/inside"), paths.join(", "));
    },
  },
]);

/** Whether a line of .dockerignore covers a path. It knows only the grammar that such lines use. */
function matches(line: string, path: string): boolean {
  if (line === "" || line.startsWith("#") || line.startsWith("!")) {
    return false;
  }
  const pattern = line
    .replace(/^\//, "")
    .replace(/[.+^$()|[\]\\]/g, "\\$&")
    .replaceAll("**/", "(?:.*/)?")
    .replace(/\*/g, (star, at: number, all: string) =>
      all[at - 1] === "." && all[at + 1] === "/" ? star : "[^/]*",
    );
  return new RegExp(`^${pattern}(?:/.*)?$`).test(path);
}
