// The shapes of the three data sets on which LLMCompiler (Kim et al., 2024, arXiv 2312.04511) was measured, from its
// description of them. The paper gives times of whole runs and not of tools. We assume 1 s for a search (one page of
// an encyclopedia over the network) and 0.1 s for a calculation.
import type { Work } from "../work.js";
import { calculate, findFact, search } from "./steps.js";

/** Facts side by side, and one or two levels of calculations on them. */
export const parallelQa: Work = {
  name: "ParallelQA",
  about: "3 searches of 1 s, 2 levels of calculations of 0.1 s; the last result is the answer",
  shape: "two levels",
  goal:
    "If the height of Mount Everest and the height of Mont Blanc were added, how many times the height of the Eiffel " +
    "Tower would that be, all in metres? Answer with the number alone.",
  items: [
    findFact("1", "height of Mount Everest in metres", "8849"),
    findFact("2", "height of Mont Blanc in metres", "4806"),
    findFact("3", "height of the Eiffel Tower in metres", "330"),
    calculate("4", "{{1}} + {{2}}", "13655"),
    calculate("5", "round({{4}} / {{3}}, 1)", "41.4"),
  ],
  answer: { step: "5" },
};

const films: readonly (readonly [string, string])[] = [
  [
    "The Iron Harbour",
    "A war film of 1951 about a port under siege, slow and grave, praised for its photography.",
  ],
  [
    "Night Train South",
    "A thriller of 1974: a conductor finds a body and has until the border to find out whose.",
  ],
  [
    "Paper Lanterns",
    "A drama of 1988 about two sisters who run a shop of lanterns and do not speak to each other.",
  ],
  ["The Long Orbit", "Science fiction of 1996: a crew of four on a probe that was never meant to come back."],
  ["Salt and Thunder", "An adventure of 1962 about salt smugglers in the mountains, with a famous storm."],
  [
    "A Second Winter",
    "A drama of 2003 about a village that is cut off by snow and the teacher who leaves it.",
  ],
  [
    "Station Nine",
    "Science fiction of 1999: the last engineer of a station hears somebody else in its walls.",
  ],
  ["The Glass Parade", "A musical of 1957 about a circus whose owner is going blind, in bright colours."],
];

/** Eight searches, and a choice among their results. */
export const movie: Work = {
  name: "Movie",
  about: "8 searches of 1 s, texts of about 20 tokens, compared by the model that answers",
  shape: "flat",
  goal:
    `I liked The Outer Door and Quiet Engine. Which of these is most like them: ${films.map(([title]) => title).join(", ")}? ` +
    "Answer with the title alone.",
  items: films.map(([title, text], index) => search(String(index + 1), `${title} film`, text)),
  answer: {
    judged: (outputOf) => {
      const stranded = films.findIndex((_, index) =>
        outputOf(String(index + 1)).includes("the last engineer"),
      );
      return films[stranded]?.[0] ?? "none of them";
    },
  },
};

/** Two searches, compared. */
export const hotpotQa: Work = {
  name: "HotpotQA",
  about: "2 searches of 1 s, compared by the model that answers",
  shape: "flat",
  goal: "Were the magazines Harbour Weekly and The Northern Review founded in the same country? Answer with yes or no.",
  items: [
    search(
      "1",
      "Harbour Weekly magazine",
      "Harbour Weekly is a magazine on shipping, founded in Bergen, Norway, in 1921.",
    ),
    search(
      "2",
      "The Northern Review magazine",
      "The Northern Review is a literary magazine, founded in Leeds, England, in 1934.",
    ),
  ],
  answer: {
    judged: (outputOf) =>
      outputOf("1").includes("Norway") && outputOf("2").includes("Norway") ? "yes" : "no",
  },
};
