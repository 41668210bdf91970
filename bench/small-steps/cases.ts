// Five steps of each kind, each in a plan that is right as it stands, and an exact check of what came of it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue } from "../../src/base/index.js";
import type { World } from "./world.js";

export const KINDS = ["direct", "call", "words", "agent", "for-each"] as const;
export type Kind = (typeof KINDS)[number];

/** What a plan's steps gave, by their ids. */
export interface Outputs {
  readonly [step: string]: { readonly status: string; readonly output?: JsonValue } | undefined;
}

/** One step that is measured, with the plan around it. */
export interface Case {
  readonly kind: Kind;
  readonly name: string;
  /** Prompts are tuned on the one half. The other is kept for the end. */
  readonly half: "tuned" | "kept";
  readonly goal: string;
  readonly steps: readonly object[];
  isRight(outputs: Outputs, world: World): boolean;
}

const read = (path: string) => ({ tool: "read_file", args: { path }, description: `read ${path}` });
const words = (description: string) => ({ description, tools: [] });
const outputOf = (outputs: Outputs, id: string) => outputs[id]?.output;
const saysOnly = (value: JsonValue | undefined, text: string, most: number) =>
  typeof value === "string" && value.includes(text) && value.length <= most && !/[{}<>]/.test(value);
const isSame = (value: JsonValue | undefined, wanted: JsonValue) =>
  JSON.stringify(value) === JSON.stringify(wanted);

const direct: readonly Omit<Case, "kind">[] = [
  {
    name: "a tool's output",
    half: "tuned",
    goal: "What is the weather in Porto?",
    steps: [{ tool: "get_weather", args: { city: "Porto" } }],
    isRight: (outputs) => isSame(outputOf(outputs, "1"), { city: "Porto", temperature_c: 22, sky: "sunny" }),
  },
  {
    name: "a part of an output in arithmetic",
    half: "tuned",
    goal: "Twice the temperature in Oslo",
    steps: [
      { tool: "get_weather", args: { city: "Oslo" } },
      { tool: "calculator", args: { expression: "2 * {{1.temperature_c}}" } },
    ],
    isRight: (outputs) => isSame(outputOf(outputs, "2"), 22),
  },
  {
    name: "a date",
    half: "kept",
    goal: "Which day is 90 days after 2025-06-03?",
    steps: [{ tool: "date_math", args: { operation: "add", date: "2025-06-03", amount: 90 } }],
    isRight: (outputs) => JSON.stringify(outputOf(outputs, "1")).includes("2025-09-01"),
  },
  {
    name: "a file",
    half: "kept",
    goal: "Show me the vendors",
    steps: [read("vendors.md")],
    isRight: (outputs) => String(outputOf(outputs, "1")).startsWith("# Vendors"),
  },
  {
    name: "a step that its condition skips",
    half: "kept",
    goal: "Pay if it is hot in Leeds",
    steps: [
      { tool: "get_weather", args: { city: "Leeds" } },
      {
        tool: "charge_card",
        args: { customer: "C-104", amount: 1, currency: "EUR" },
        if: "{{1.temperature_c}} > 30",
      },
    ],
    isRight: (outputs, { charges }) => outputs["2"]?.status === "skipped" && charges.length === 0,
  },
];

const call: readonly Omit<Case, "kind">[] = [
  {
    name: "a city named in minutes",
    half: "tuned",
    goal: "What is the weather where our new warehouse opens?",
    steps: [
      read("meeting.md"),
      {
        tool: "get_weather",
        description: "the weather in the city of the new warehouse, which {{1}} names",
      },
    ],
    isRight: (outputs) => isSame(outputOf(outputs, "2"), { city: "Lisbon", temperature_c: 25, sky: "sunny" }),
  },
  {
    name: "an address in a JSON file",
    half: "tuned",
    goal: "Remind the customer of invoice INV-313 by e-mail that it is due.",
    steps: [
      read("config.json"),
      {
        tool: "send_email",
        description: "e-mail the customer of INV-313 that it is due; the address is in {{1}}",
      },
    ],
    isRight: (_, { mails }) => mails.length === 1 && mails[0]?.to === "books@cobalt.example",
  },
  {
    name: "nothing where the address is missing",
    half: "tuned",
    goal: "Tell our landlord in Lisbon by e-mail that the warehouse opens.",
    steps: [
      read("meeting.md"),
      { tool: "send_email", description: "e-mail the landlord that the warehouse opens, as {{1}} says" },
    ],
    isRight: (outputs, { mails }) => outputs["2"]?.status === "blocked" && mails.length === 0,
  },
  {
    name: "an amount of money",
    half: "kept",
    goal: "Charge customer C-104 for their open invoice.",
    steps: [
      read("config.json"),
      { tool: "charge_card", description: "charge C-104 the amount of its open invoice in {{1}}" },
    ],
    isRight: (_, { charges }) => isSame([...charges], [{ customer: "C-104", amount: 480, currency: "EUR" }]),
  },
  {
    name: "a date out of prose",
    half: "kept",
    goal: "When does the audit start?",
    steps: [
      read("meeting.md"),
      {
        tool: "date_math",
        description: "add the days that {{1}} names for the audit to the date of the meeting",
      },
    ],
    isRight: (outputs) => JSON.stringify(outputOf(outputs, "2") ?? null).includes("2025-09-01"),
  },
];

const inWords: readonly Omit<Case, "kind">[] = [
  {
    name: "a list for a later step",
    half: "tuned",
    goal: "What is the weather in each of our offices?",
    steps: [
      read("config.json"),
      words("the cities of our offices in {{1}}"),
      { tool: "get_weather", args: { city: "{{item}}" }, forEach: "{{2}}" },
    ],
    isRight: (outputs) => isSame(outputOf(outputs, "2"), ["Hamburg", "Oslo", "Porto", "Leeds"]),
  },
  {
    name: "true or false for a condition",
    half: "tuned",
    goal: "If gadgets are below their reorder level, charge C-104 one euro.",
    steps: [
      read("stock.csv"),
      words("is the number of gadgets on hand in {{1}} below their reorder level?"),
      { tool: "charge_card", args: { customer: "C-104", amount: 1, currency: "EUR" }, if: "{{2}}" },
    ],
    isRight: (outputs, { charges }) => outputOf(outputs, "2") === true && charges.length === 1,
  },
  {
    name: "one value out of a table",
    half: "tuned",
    goal: "Who buys flanges?",
    steps: [read("stock.csv"), words("the e-mail address of the buyer of flanges, from {{1}}")],
    isRight: (outputs) => outputOf(outputs, "2") === "ida.holm@example.com",
  },
  {
    name: "a choice",
    half: "kept",
    goal: "Which candidate can start at once?",
    steps: [read("candidates.md"), words("the name of the candidate in {{1}} who can start at once")],
    isRight: (outputs) => saysOnly(outputOf(outputs, "2"), "Hanna Brandt", 80),
  },
  {
    name: "a summary",
    half: "kept",
    goal: "Summarise the meeting.",
    steps: [read("meeting.md"), words("a summary of {{1}} in one or two sentences")],
    isRight: (outputs) =>
      saysOnly(outputOf(outputs, "2"), "Lisbon", 400) && !/^#|\n/.test(String(outputOf(outputs, "2"))),
  },
];

const agent: readonly Omit<Case, "kind">[] = [
  {
    name: "two searches, one after the other",
    half: "tuned",
    goal: "In which city was the architect of the Meridian Bridge born?",
    steps: [{ description: "find out in which city the architect of the Meridian Bridge was born" }],
    isRight: (outputs) => saysOnly(outputOf(outputs, "1"), "Szeged", 200),
  },
  {
    name: "a comparison of two calls",
    half: "tuned",
    goal: "Where is it warmer, in Leeds or in Porto?",
    steps: [
      {
        description: "find out whether it is warmer in Leeds or in Porto; give the city",
        tools: ["get_weather"],
      },
    ],
    isRight: (outputs) => saysOnly(outputOf(outputs, "1"), "Porto", 200),
  },
  {
    name: "one search",
    half: "kept",
    goal: "How many employees does Kestrel Metals have?",
    steps: [{ description: "find out how many employees Kestrel Metals has" }],
    isRight: (outputs) => /\b85\b/.test(String(outputOf(outputs, "1"))),
  },
  {
    name: "a file and a choice",
    half: "kept",
    goal: "Who sells us widgets?",
    steps: [{ description: "find out from vendors.md which vendor sells us widgets" }],
    isRight: (outputs) => saysOnly(outputOf(outputs, "1"), "Orbita", 200),
  },
  {
    name: "a file that is written",
    half: "kept",
    goal: "Write the weather in Oslo to oslo.txt",
    steps: [
      { description: "write the temperature in Oslo to oslo.txt", tools: ["get_weather", "write_file"] },
    ],
    isRight: (_, { root }) =>
      existsSync(join(root, "oslo.txt")) && readFileSync(join(root, "oslo.txt"), "utf8").includes("11"),
  },
];

const isListOf = (value: JsonValue | undefined, isItem: (item: JsonValue) => boolean, count: number) =>
  Array.isArray(value) && value.length === count && value.every(isItem);

const forEach: readonly Omit<Case, "kind">[] = [
  {
    name: "a call for each name in prose",
    half: "tuned",
    goal: "Find the supplier sheet of each vendor.",
    steps: [
      read("vendors.md"),
      words("the names of the vendors in {{1}}, without what they sell"),
      { tool: "search_documents", args: { query: "{{item}}" }, forEach: "{{2}}" },
    ],
    isRight: (outputs) =>
      isListOf(outputOf(outputs, "3"), (item) => JSON.stringify(item).includes("sheet"), 3),
  },
  {
    name: "made arguments for each record",
    half: "tuned",
    goal: "E-mail the buyer of each product that is low that it has to be ordered.",
    steps: [
      { tool: "json_query", args: { path: "low.json" } },
      {
        tool: "send_email",
        description: "tell the buyer of {{item}} that the product has to be ordered",
        forEach: "{{1}}",
      },
    ],
    isRight: (_, { mails }) =>
      isSame(mails.map(({ to }) => to).sort(), ["ida.holm@example.com", "jonas.weber@example.com"]),
  },
  {
    name: "true or false for each record",
    half: "kept",
    goal: "Tell me the weather in each office with more than 10 people.",
    steps: [
      { tool: "json_query", args: { path: "config.json", at: "offices" } },
      { ...words("does {{item}} have a staff of more than 10?"), forEach: "{{1}}" },
      { tool: "current_time", args: {}, forEach: "{{2}}", if: "{{item}}" },
    ],
    isRight: (outputs) => isSame(outputOf(outputs, "2"), [true, false, true, false]),
  },
  {
    name: "an agent for each name",
    half: "kept",
    goal: "How many employees do Lumen Robotics and Orbita Plastics have?",
    steps: [
      { tool: "json_query", args: { path: "names.json" } },
      {
        description: "find out how many employees {{item}} has; give the number",
        tools: ["search_documents"],
        forEach: "{{1}}",
      },
    ],
    isRight: (outputs) => {
      const found = outputOf(outputs, "2");
      return Array.isArray(found) && /\b240\b/.test(String(found[0])) && /\b410\b/.test(String(found[1]));
    },
  },
  {
    name: "a sentence for each file",
    half: "kept",
    goal: "Say in a sentence what each of the notes is about.",
    steps: [
      { tool: "json_query", args: { path: "notes.json" } },
      { tool: "read_file", args: { path: "{{item}}" }, forEach: "{{1}}" },
      { ...words("say in one sentence what {{item}} is about"), forEach: "{{2}}" },
    ],
    isRight: (outputs) =>
      isListOf(
        outputOf(outputs, "3"),
        (item) => typeof item === "string" && item.length <= 400 && !/[{}<>]/.test(item),
        2,
      ),
  },
];

const of = (kind: Kind, cases: readonly Omit<Case, "kind">[]) => cases.map((one) => ({ kind, ...one }));

export const CASES: readonly Case[] = [
  ...of("direct", direct),
  ...of("call", call),
  ...of("words", inWords),
  ...of("agent", agent),
  ...of("for-each", forEach),
];
