// A small world for steps: a few files, a library of documents, and tools that leave traces.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { type AgentTool, createBuiltinTools } from "../../src/tools/index.js";

const FILES: Readonly<Record<string, string>> = {
  "config.json": JSON.stringify({
    company: "Brightwell Supplies",
    offices: [
      { city: "Hamburg", staff: 34 },
      { city: "Oslo", staff: 8 },
      { city: "Porto", staff: 12 },
      { city: "Leeds", staff: 5 },
    ],
    invoices: [
      { id: "INV-311", customer: "C-104", amount: 480, currency: "EUR", status: "open" },
      { id: "INV-312", customer: "C-220", amount: 95.5, currency: "EUR", status: "paid" },
      { id: "INV-313", customer: "C-318", amount: 1290, currency: "EUR", status: "open" },
    ],
    customers: {
      "C-104": "office@alder-hotel.example",
      "C-220": "it@bramble.example",
      "C-318": "books@cobalt.example",
    },
  }),
  "stock.csv": `product,on_hand,reorder_level,buyer_email
widget,42,20,maria.lopez@example.com
gadget,6,10,jonas.weber@example.com
sprocket,310,150,maria.lopez@example.com
flange,3,25,ida.holm@example.com
`,
  "meeting.md": `# Planning meeting, 2025-06-03

Present: Maria, Jonas, Ida.

- We agreed to open the new warehouse in Lisbon. Ida signs the lease within two weeks.
- Jonas reports that gadget sales are held back by supply; he wants to keep at least 20 on hand from July.
- The audit starts exactly 90 days after this meeting.
`,
  "vendors.md": `# Vendors

We buy from three vendors:

1. Lumen Robotics (gadgets)
2. Kestrel Metals (sprockets and flanges)
3. Orbita Plastics (widgets)
`,
  "candidates.md": `# Warehouse lead, Lisbon: the three who applied

**Rui Tavares**. Eleven years in a cold-store warehouse in Porto. Asks 52,000 EUR. Can start in four months.

**Hanna Brandt**. Five years as shift lead for an online shop in Leipzig. Asks 47,000 EUR. Can start at once.

**Teresa Pinho**. Three years in our own Hamburg warehouse. Asks 41,000 EUR. Can start in one month.
`,
  "low.json": JSON.stringify([
    { product: "gadget", on_hand: 6, reorder_level: 10, buyer_email: "jonas.weber@example.com" },
    { product: "flange", on_hand: 3, reorder_level: 25, buyer_email: "ida.holm@example.com" },
  ]),
  "names.json": JSON.stringify(["Lumen Robotics", "Orbita Plastics"]),
  "notes.json": JSON.stringify(["meeting.md", "vendors.md"]),
};

const DOCUMENTS = [
  {
    title: "The Meridian Bridge",
    text: "The Meridian Bridge crosses the Arden river and opened in 1998. It was designed by the architect Ada Kovacs and is 612 metres long.",
  },
  {
    title: "Ada Kovacs, a life",
    text: "Ada Kovacs (1951–2019) was an architect. Born in Szeged, she studied in Budapest and Zurich and lived in Porto from 1985 on.",
  },
  {
    title: "Lumen Robotics, supplier sheet",
    text: "Lumen Robotics builds small sorting robots. Headquarters: Turin. 240 employees. Revenue in 2023: 31 million EUR.",
  },
  {
    title: "Kestrel Metals, supplier sheet",
    text: "Kestrel Metals makes turned and stamped parts in Leeds since 1974. 85 employees.",
  },
  {
    title: "Orbita Plastics, supplier sheet",
    text: "Orbita Plastics moulds housings in Gdansk. 410 employees.",
  },
];

const WEATHER: Readonly<Record<string, readonly [temperature: number, sky: string]>> = {
  hamburg: [14, "rain"],
  oslo: [11, "cloudy"],
  porto: [22, "sunny"],
  leeds: [13, "windy"],
  lisbon: [25, "sunny"],
};

/** What was done to the world, and the tools that do it. */
export interface World {
  readonly root: string;
  readonly tools: readonly AgentTool[];
  readonly mails: readonly Mail[];
  readonly charges: readonly Charge[];
  close(): void;
}

const mailSchema = z.object({
  to: z.string().describe("Address of the recipient"),
  subject: z.string(),
  body: z.string(),
});
const chargeSchema = z.object({
  customer: z.string().describe("Number of the customer, such as C-104"),
  amount: z.number(),
  currency: z.string(),
});
type Mail = z.infer<typeof mailSchema>;
type Charge = z.infer<typeof chargeSchema>;

const readOnly = { metadata: { readOnly: true } };

/** Creates a world of its own for one run. */
export function createWorld(): World {
  const root = mkdtempSync(join(tmpdir(), "small-steps-"));
  for (const [name, text] of Object.entries(FILES)) {
    writeFileSync(join(root, name), text);
  }
  const mails: Mail[] = [];
  const charges: Charge[] = [];
  const tools = [
    ...createBuiltinTools({ root, now: () => new Date("2025-06-10T09:30:00Z"), timezone: "Europe/Berlin" }),
    tool(({ query }) => findDocuments(query), {
      name: "search_documents",
      description:
        "Searches the company's library of documents and gives up to three that fit best, with title and text",
      schema: z.object({ query: z.string().describe("What to look for, in key words") }),
      ...readOnly,
    }),
    tool(({ city }) => weatherIn(city), {
      name: "get_weather",
      description: "The current weather in a city",
      schema: z.object({ city: z.string().describe("Name of the city, in English") }),
      ...readOnly,
    }),
    tool(
      (mail) => {
        mails.push(mail);
        return { sent: true, to: mail.to };
      },
      { name: "send_email", description: "Sends an e-mail", schema: mailSchema },
    ),
    tool(
      (charge) => {
        charges.push(charge);
        return { charged: true, reference: `CH-${1000 + charges.length}` };
      },
      {
        name: "charge_card",
        description: "Charges the card of a customer on file",
        schema: chargeSchema,
      },
    ),
  ];
  return { root, tools, mails, charges, close: () => rmSync(root, { recursive: true }) };
}

function weatherIn(city: string) {
  const found = WEATHER[city.trim().toLowerCase()];
  if (found === undefined) {
    throw new Error(`No weather station in "${city}"`);
  }
  const [temperature_c, sky] = found;
  return { city, temperature_c, sky };
}

function findDocuments(query: string) {
  const wanted = wordsOf(query);
  const scored = DOCUMENTS.map((document) => {
    const [title, text] = [wordsOf(document.title), wordsOf(document.text)];
    const score = [...wanted].reduce(
      (sum, word) => sum + (title.has(word) ? 2 : 0) + (text.has(word) ? 1 : 0),
      0,
    );
    return { document, score };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, 3)
    .map(({ document }) => document);
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\d]{3,}/gu));
}
