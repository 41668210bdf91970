/**
 * Says what an answer has to hold: a number, written in whatever way, or a piece of text without regard to case, or one
 * of several.
 */
export type Said = number | string | readonly (number | string)[];

/** What a mail or a file has to be. Only what stands here is compared. */
export interface ExpectedMail {
  readonly to: string;
  readonly holds: readonly Said[];
}

/** A plain goal with an exact check of what was said and done. What is not named under `done` must not be done. */
export interface Goal {
  readonly id: string;
  /** Prompts may be tuned on open goals. The held ones are run at the end only. */
  readonly split: "open" | "held";
  readonly kind: string;
  readonly goal: string;
  readonly said: readonly Said[];
  /** What a wrong answer would hold. */
  readonly unsaid?: readonly string[];
  readonly done?: {
    readonly mails?: readonly ExpectedMail[];
    readonly charges?: readonly {
      readonly customer: string;
      readonly amount: number;
      readonly currency: string;
    }[];
    readonly files?: Readonly<Record<string, readonly Said[]>>;
  };
}

/** The twenty goals. They were written before any prompt was tuned for small models. */
export const goals: readonly Goal[] = [
  {
    id: "o01",
    split: "open",
    kind: "weather",
    goal: "What is the weather in Bergen right now?",
    said: [9, "rain"],
  },
  {
    id: "o02",
    split: "open",
    kind: "weather, arithmetic",
    goal: "What is the average of the current temperatures in Tallinn and Seville?",
    said: [12.5],
  },
  { id: "o03", split: "open", kind: "look-up", goal: "How high is the Cobalt Lighthouse?", said: [46] },
  {
    id: "o04",
    split: "open",
    kind: "look-up, two documents",
    goal: "In which town was the founder of Brightwater Tea born?",
    said: ["Dunmore"],
  },
  { id: "o05", split: "open", kind: "arithmetic", goal: "What is 17.5 percent of 2480?", said: [434] },
  { id: "o06", split: "open", kind: "date", goal: "Which weekday is 24 December 2026?", said: ["Thursday"] },
  {
    id: "o07",
    split: "open",
    kind: "CSV",
    goal: "How many kilos of oolong were ordered in total, according to orders.csv?",
    said: [26],
  },
  {
    id: "o08",
    split: "open",
    kind: "condition that holds, mail",
    goal: "If it is colder than 6 degrees in Tallinn, e-mail nina.berg@example.com that the terrace stays closed. Otherwise do nothing.",
    said: [],
    done: { mails: [{ to: "nina.berg@example.com", holds: ["terrace", "closed"] }] },
  },
  {
    id: "o09",
    split: "open",
    kind: "file",
    goal: "Write the current temperature in Seville to the file seville.txt.",
    said: [],
    done: { files: { "seville.txt": [21] } },
  },
  {
    id: "o10",
    split: "open",
    kind: "charge",
    goal: "Charge customer T-31 for 2 boxes at 18.50 euros each.",
    said: [],
    done: { charges: [{ customer: "T-31", amount: 37, currency: "EUR" }] },
  },
  {
    id: "h01",
    split: "held",
    kind: "weather, comparison",
    goal: "Which city is warmer at the moment, Bergen or Porto?",
    said: ["Porto"],
    unsaid: ["Bergen is warmer", "Bergen is the warmer"],
  },
  {
    id: "h02",
    split: "held",
    kind: "look-up, arithmetic",
    goal: "How many years after Brightwater Tea was Larkfield Mills founded?",
    said: [16],
  },
  {
    id: "h03",
    split: "held",
    kind: "CSV, groups",
    goal: "Which customer in orders.csv paid the most in total, and how much was it?",
    said: ["Cafe Rosa", 624],
  },
  {
    id: "h04",
    split: "held",
    kind: "date from today",
    goal: "How many days is it from today until 1 May 2026?",
    said: [60],
  },
  {
    id: "h05",
    split: "held",
    kind: "condition that does not hold",
    goal: "If there are fewer than 20 tins of jasmine in stock.csv, e-mail omar.haddad@example.com and ask for more. Otherwise do nothing.",
    said: [],
    unsaid: [
      "I sent",
      "I e-mailed",
      "I emailed",
      "have sent",
      "have e-mailed",
      "have emailed",
      "has been sent to",
    ],
  },
  {
    id: "h06",
    split: "held",
    kind: "mail, address looked up",
    goal: "E-mail Tomas Reed that the tasting moves to 3 pm.",
    said: [],
    done: {
      mails: [{ to: "tomas.reed@example.com", holds: ["tasting", ["3 pm", "3pm", "3:00 pm", "15:00"]] }],
    },
  },
  {
    id: "h07",
    split: "held",
    kind: "file, read",
    goal: "According to notes/fair.md, in which hall is our stand and what does it cost?",
    said: [7, 1250],
  },
  {
    id: "h08",
    split: "held",
    kind: "conversion",
    goal: "How much are 240 euros in Swedish kronor?",
    said: [2688],
  },
  {
    id: "h09",
    split: "held",
    kind: "greeting",
    goal: "Hello! It is nice to meet you.",
    said: [["hello", "hi", "nice", "pleased", "pleasure", "welcome", "help", "assist"]],
  },
  {
    id: "h10",
    split: "held",
    kind: "JSON, sum",
    goal: "How many people work in all our offices together, according to offices.json?",
    said: [46],
  },
];
