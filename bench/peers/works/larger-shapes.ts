import type { Work } from "../work.js";
import { archivedQuoteOf, calculate, quoteOf, readManual, stockOf } from "./steps.js";

const products = [
  "chairs",
  "tables",
  "lamps",
  "desks",
  "shelves",
  "beds",
  "sofas",
  "rugs",
  "mirrors",
  "clocks",
];
const stocks = ["120", "60", "25", "20", "75", "14", "9", "210", "31", "5"];

/** Twenty calls on five levels. */
export const twentySteps: Work = {
  name: "20 steps",
  about: "10 look-ups of 0.4 s, 10 calculations of 0.1 s on them, on 4 levels; the last result is the answer",
  shape: "other",
  goal:
    `Take the stock of ${products.join(", ")}. Multiply the first by the second, the third by the fourth, and so on ` +
    "to the ninth by the tenth. Of these five products take 10 from the first; add the second and the third and take " +
    "20 away; add the fourth and the fifth and take 10 away. Of these three results add the first two and take the " +
    "third away. Answer with the number alone.",
  items: [
    ...products.map((product, index) => stockOf(String(index + 1), product, stocks[index] ?? "")),
    calculate("11", "{{1}} * {{2}}", "7200"),
    calculate("12", "{{3}} * {{4}}", "500"),
    calculate("13", "{{5}} * {{6}}", "1050"),
    calculate("14", "{{7}} * {{8}}", "1890"),
    calculate("15", "{{9}} * {{10}}", "155"),
    calculate("16", "{{11}} - 10", "7190"),
    calculate("17", "{{12}} + {{13}} - 20", "1530"),
    calculate("18", "{{14}} + {{15}} - 10", "2035"),
    calculate("19", "{{16}} + {{17}}", "8720"),
    calculate("20", "{{19}} - {{18}}", "6685"),
  ],
  answer: { step: "20" },
};

/** The second supplier no longer sells, which nobody could know in advance. */
export const failing: Work = {
  name: "failing step",
  about: "3 quotes of 0.4 s, the second fails for good; a sum that needs another source for it",
  shape: "two levels",
  goal:
    "What do the quotes for a chair, a table and a lamp come to together? Where there is no quote take the archived " +
    "one. Answer in a sentence with the sum, and say which price is archived.",
  items: [
    quoteOf("1", "chair", "40"),
    quoteOf("2", "table", "There is no supplier for table any more.", { fails: true }),
    quoteOf("3", "lamp", "18"),
    archivedQuoteOf("5", "table", "95", { insteadOf: "2" }),
    calculate("4", "{{1}} + {{2}} + {{3}}", "153"),
  ],
  answer: {
    words: "Together they come to {{4}} euros; the price of the table is archived.",
    onceFailed: "2",
  },
};

/** What a section names as the cause. */
function causeIn(section: string): string {
  return section.split("Cause: ")[1] ?? "unknown";
}

/** Only a model that reads a section can tell where it leads. */
export const needsModel: Work = {
  name: "agent steps",
  about: "3 error codes to be followed through a manual of free text: 2, 3 and 4 sections of 0.4 s",
  shape: "other",
  goal:
    "Find the causes of the error codes E12, E40 and E77 in the service manual, following what its sections refer " +
    "to. Answer with one line for each: the code and the cause.",
  items: [
    {
      id: "1",
      words: "Follow E12 through the manual to its cause",
      steps: [
        readManual("1a", "E12", "E12 shows when the pump draws too much current. What to look at is in 3.2."),
        readManual("1b", "3.2", "Too much current has one cause. Cause: a bent rotor", { knownFrom: "1a" }),
      ],
      result: (outputOf) => causeIn(outputOf("1b")),
    },
    {
      id: "2",
      words: "Follow E40 through the manual to its cause",
      steps: [
        readManual("2a", "E40", "E40 is a fault of the heating circuit; see chapter 5.1."),
        readManual("2b", "5.1", "If the circuit has no fuse of its own, go on with 5.7.", {
          knownFrom: "2a",
        }),
        readManual("2c", "5.7", "Circuits without a fuse fail at one place. Cause: a loose clamp", {
          knownFrom: "2b",
        }),
      ],
      result: (outputOf) => causeIn(outputOf("2c")),
    },
    {
      id: "3",
      words: "Follow E77 through the manual to its cause",
      steps: [
        readManual("3a", "E77", "E77 comes from the door. Doors are described in 8.0."),
        readManual("3b", "8.0", "There are two kinds of door; codes above 70 are of the second, 8.4.", {
          knownFrom: "3a",
        }),
        readManual("3c", "8.4", "The second kind has a latch and a seal. Latches: 8.6.", { knownFrom: "3b" }),
        readManual("3d", "8.6", "Latches wear out in time. Cause: a worn latch", { knownFrom: "3c" }),
      ],
      result: (outputOf) => causeIn(outputOf("3d")),
    },
  ],
  answer: { words: "E12: {{1}}\nE40: {{2}}\nE77: {{3}}" },
};
