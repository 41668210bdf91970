import type { Goal } from "./goals.js";

/** Ten more goals over the same world. They were written before the mends of plans, and the held ones run after them. */
export const moreGoals: readonly Goal[] = [
  {
    id: "p01",
    split: "open",
    kind: "weather, difference",
    goal: "How many degrees warmer is it in Exeter than in Tallinn right now?",
    said: [7],
  },
  {
    id: "p02",
    split: "open",
    kind: "CSV, one row",
    goal: "How many tins of oolong do we have, according to stock.csv?",
    said: [14],
  },
  {
    id: "p03",
    split: "open",
    kind: "look-up, then weather",
    goal: "What is the weather like in the city where Omar Haddad has his office?",
    said: ["rain", 9],
  },
  {
    id: "p04",
    split: "open",
    kind: "conversion, back",
    goal: "How many British pounds do I get for 350 US dollars?",
    said: [270.45],
  },
  {
    id: "p05",
    split: "open",
    kind: "condition on a text, file",
    goal: "If it rains in Bergen, write the word umbrella to the file bergen.txt. Otherwise do nothing.",
    said: [],
    done: { files: { "bergen.txt": ["umbrella"] } },
  },
  {
    id: "q01",
    split: "held",
    kind: "date, weeks",
    goal: "How many weeks are there between 2 March 2026 and 25 May 2026?",
    said: [12],
  },
  {
    id: "q02",
    split: "held",
    kind: "charge, price times number",
    goal: "Charge customer T-10 for 3 kilos of tea at 14.20 euros a kilo.",
    said: [],
    done: { charges: [{ customer: "T-10", amount: 42.6, currency: "EUR" }] },
  },
  {
    id: "q03",
    split: "held",
    kind: "JSON, least",
    goal: "Which office in offices.json was opened first, and in which year?",
    said: ["Bergen", 2009],
  },
  {
    id: "q04",
    split: "held",
    kind: "thanks",
    goal: "Thanks, that was very helpful!",
    said: [["welcome", "glad", "happy", "pleasure", "help", "assist", "thank"]],
  },
  {
    id: "q05",
    split: "held",
    kind: "look-up, mail",
    goal: "E-mail Nina Berg how many employees Brightwater Tea has.",
    said: [],
    done: { mails: [{ to: "nina.berg@example.com", holds: [140] }] },
  },
];
