import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { type AgentTool, createBuiltinTools } from "../../../src/index.js";
import { TIMEZONE, TODAY } from "../clock.js";
import { searchLibrary } from "./documents.js";

const FOLDER = fileURLToPath(new URL("folder", import.meta.url));

/** A mail that was sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/** A charge to a customer's card. */
export interface Charge {
  readonly customer: string;
  readonly amount: number;
  readonly currency: string;
}

/** What a run did to the world. `files` holds those that are new or changed, by path. */
export interface Effects {
  readonly mails: readonly Mail[];
  readonly charges: readonly Charge[];
  readonly files: Readonly<Record<string, string>>;
}

/** A world for one run. Nothing outside it changes. */
export interface World {
  readonly tools: readonly AgentTool[];
  effects(): Promise<Effects>;
  remove(): Promise<void>;
}

const weather: Readonly<Record<string, { readonly celsius: number; readonly sky: string }>> = {
  bergen: { celsius: 9, sky: "rain" },
  porto: { celsius: 17, sky: "cloudy" },
  seville: { celsius: 21, sky: "sunny" },
  tallinn: { celsius: 4, sky: "snow" },
  exeter: { celsius: 11, sky: "fog" },
};
const people: Readonly<Record<string, { readonly email: string; readonly office: string }>> = {
  "tomas reed": { email: "tomas.reed@example.com", office: "Porto" },
  "nina berg": { email: "nina.berg@example.com", office: "Tallinn" },
  "omar haddad": { email: "omar.haddad@example.com", office: "Bergen" },
};
/** What one euro is worth. */
const rates: Readonly<Record<string, number>> = { EUR: 1, SEK: 11.2, USD: 1.1, GBP: 0.85 };

/** What a tool that only reads gives, as docs/models.md advises to say for small models. */
const reading = (outputExample: object) => ({ metadata: { readOnly: true, outputExample } });

/** Creates a world: our built-in tools over a folder of its own, and six more. */
export async function createWorld(): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), "plan-execute-eval-"));
  await cp(FOLDER, root, { recursive: true });
  const before = await readFiles(root);
  const mails: Mail[] = [];
  const charges: Charge[] = [];
  const tools = [
    ...createBuiltinTools({ root, now: () => new Date(TODAY), timezone: TIMEZONE }),
    tool(({ city }) => ({ city, ...find(weather, city, "No weather station is called") }), {
      name: "get_weather",
      description: "Tells the current weather in a city",
      schema: z.object({ city: z.string().describe("Name of the city, in English") }),
      ...reading({ city: "", celsius: 0, sky: "" }),
    }),
    tool(({ query }) => searchLibrary(query), {
      name: "search_library",
      description:
        "Searches the library (companies, people, places, teas) and gives up to two documents, with title and text",
      schema: z.object({ query: z.string().describe("What to look for, in key words") }),
      ...reading([{ title: "", text: "" }]),
    }),
    tool(({ name }) => ({ name, ...find(people, name, "Nobody here is called") }), {
      name: "find_person",
      description: "Finds a colleague in the address book: e-mail address and office",
      schema: z.object({ name: z.string().describe("First and last name") }),
      ...reading({ name: "", email: "", office: "" }),
    }),
    tool(
      ({ amount, from, to }) => {
        const [one, other] = [from, to].map((code) =>
          find(rates, code.toUpperCase(), "There is no rate for"),
        );
        return {
          amount: Math.round(((amount * (other ?? 0)) / (one ?? 1)) * 100) / 100,
          currency: to.toUpperCase(),
        };
      },
      {
        name: "convert_currency",
        description: "Converts an amount of money into another currency, at today's rate",
        schema: z.object({
          amount: z.number(),
          from: z.string().describe("Three letters, such as EUR"),
          to: z.string().describe("Three letters, such as USD"),
        }),
        ...reading({ amount: 0, currency: "" }),
      },
    ),
    tool(
      (mail) => {
        mails.push(mail);
        return { sent: true, to: mail.to };
      },
      {
        name: "send_email",
        description: "Sends an e-mail",
        schema: z.object({
          to: z.string().describe("The recipient's address"),
          subject: z.string(),
          body: z.string(),
        }),
      },
    ),
    tool(
      (charge) => {
        charges.push(charge);
        return { charged: true, receipt: `R-${charges.length}` };
      },
      {
        name: "charge_card",
        description: "Charges the card of a customer",
        schema: z.object({
          customer: z.string().describe("The customer's number, such as T-10"),
          amount: z.number(),
          currency: z.string().describe("Three letters, such as EUR"),
        }),
      },
    ),
  ];
  return {
    tools,
    async effects() {
      const after = Object.entries(await readFiles(root));
      return {
        mails,
        charges,
        files: Object.fromEntries(after.filter(([path, text]) => before[path] !== text)),
      };
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function find<Value>(table: Readonly<Record<string, Value>>, key: string, complaint: string): Value {
  const found = table[key.trim()] ?? table[key.trim().toLowerCase()];
  if (found === undefined) {
    throw new Error(`${complaint} "${key}".`);
  }
  return found;
}

async function readFiles(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    paths.map(async (path) => [relative(root, path), await readFile(path, "utf8")]),
  );
  return Object.fromEntries(texts);
}
