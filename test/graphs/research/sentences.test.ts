import { expect, it } from "vitest";
import { sentencesOf } from "../../../graphs/research/sentences.js";

it.each<[string, string[]]>([
  ["One is here. Two is there! Is three? Yes.", ["One is here.", "Two is there!", "Is three?", "Yes."]],
  ["It is 7.5 m. It turns.", ["It is 7.5 m.", "It turns."]],
  [
    "Dr. A. Lorne built it, e.g. the wheel. It turns.",
    ["Dr. A. Lorne built it, e.g. the wheel.", "It turns."],
  ],
  ["A sentence over\ntwo lines. Another.", ["A sentence over two lines.", "Another."]],
  ["- one\n- two\n  goes on\n1. three", ["one", "two goes on", "three"]],
  ["| a | b |\n|---|---|\n| c | d |", ["| a | b |", "| c | d |"]],
  ["> **Bold** and _plain_ `code` of [a link](x.html).", ["Bold and _plain_ code of a link."]],
])("reads %j as sentences", (passage, expected) => {
  expect(sentencesOf(passage).map(({ text }) => text)).toEqual(expected);
});

it.each<[string, string, string[]]>([
  ["It turns (see log.md).", "It turns.", ["log.md"]],
  ["It turns ([the log](notes/log.md#L3)).", "It turns.", ["notes/log.md"]],
  ["According to the log (log.txt), it turns.", "It turns.", ["log.txt"]],
  ["According to [the log](log.md), it turns.", "It turns.", ["log.md"]],
  ["It turns.", "It turns.", []],
])("takes the source out of %j", (passage, text, cites) => {
  expect(sentencesOf(passage)).toEqual([{ text, cites }]);
});
