import type { Work } from "../work.js";
import { calculate, findFact, managerOf, search, stockOf } from "./steps.js";

/** Each step needs the one before it. */
export const chain: Work = {
  name: "chain of 5",
  about: "5 look-ups of 0.4 s, each needing the one before",
  shape: "chain",
  goal: "Who stands five levels above Ada Lind? Answer in a sentence that names both.",
  items: [
    managerOf("1", "Ada Lind", "Ben Cole"),
    managerOf("2", "{{1}}", "Cy Young"),
    managerOf("3", "{{2}}", "Di Marsh"),
    managerOf("4", "{{3}}", "Eve Stone"),
    managerOf("5", "{{4}}", "Flo Winter"),
  ],
  answer: { words: "{{5}} stands five levels above Ada Lind." },
};

/** Look-ups side by side, and calculations on their results. */
export const twoLevels: Work = {
  name: "two levels",
  about: "4 look-ups of 0.4 s, 3 calculations of 0.1 s on them",
  shape: "two levels",
  goal:
    "How many times as many chairs and tables together as lamps and desks together are in stock? " +
    "Answer in a sentence with the ratio.",
  items: [
    stockOf("1", "chairs", "120"),
    stockOf("2", "tables", "60"),
    stockOf("3", "lamps", "25"),
    stockOf("4", "desks", "20"),
    calculate("5", "{{1}} + {{2}}", "180"),
    calculate("6", "{{3}} + {{4}}", "45"),
    calculate("7", "{{5}} / {{6}}", "4"),
  ],
  answer: { words: "There are {{7}} times as many chairs and tables as lamps and desks." },
};

const products = ["chairs", "tables", "lamps", "desks", "shelves", "beds", "sofas", "rugs"];
const stocks = ["120", "60", "25", "20", "75", "14", "9", "210"];

/** No step needs another. */
export const flat: Work = {
  name: "flat 8",
  about: "8 look-ups of 0.4 s",
  shape: "flat",
  goal: `How many of each are in stock: ${products.join(", ")}? Answer with one line: each product and its number.`,
  items: products.map((product, index) => stockOf(String(index + 1), product, stocks[index] ?? "")),
  answer: { words: products.map((product, index) => `${product} {{${index + 1}}}`).join(", ") },
};

/** A slow look-up beside a chain of quick ones. */
export const ragged: Work = {
  name: "ragged 6",
  about: "a chain of 4 look-ups (0.3 to 0.5 s) beside one of 2 s, and a search of 1 s behind both",
  shape: "ragged",
  goal:
    "Find the person four levels above Ada Lind, and the number of beds in stock; then search for that person " +
    "with that number. Answer in a sentence with what the article calls the person.",
  items: [
    stockOf("1", "beds", "14", { latencyS: 2 }),
    managerOf("2", "Ada Lind", "Ben Cole", { latencyS: 0.3 }),
    managerOf("3", "{{2}}", "Cy Young", { latencyS: 0.5 }),
    managerOf("4", "{{3}}", "Di Marsh", { latencyS: 0.3 }),
    managerOf("5", "{{4}}", "Eve Stone", { latencyS: 0.4 }),
    search("6", "{{5}}, owner of {{1}} beds", "the innkeeper"),
  ],
  answer: { words: "The article calls {{5}} {{6}}." },
};

/** One, two, one. */
export const diamond: Work = {
  name: "diamond",
  about: "a look-up, 2 look-ups on it (0.4 s), a calculation on both; its result is the answer",
  shape: "two levels",
  goal:
    "Find the manager of Ada Lind. How many products of that name are in stock, times the number of inhabitants of " +
    "the town of that name? Answer with the number alone.",
  items: [
    managerOf("1", "Ada Lind", "Ben Cole"),
    stockOf("2", "{{1}}", "3"),
    findFact("3", "number of inhabitants of the town {{1}}", "1200", { latencyS: 0.4 }),
    calculate("4", "{{2}} * {{3}}", "3600"),
  ],
  answer: { step: "4" },
};
