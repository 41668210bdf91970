import { HumanMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { findInventedAddress } from "../../../src/runtime/steps/arguments/invented-addresses.js";

const read = [
  new HumanMessage('{"ann":"ann@real.example"}. See <https://real.example/a>, or (http://b.example).'),
];

describe("an address in arguments", () => {
  test.each([
    ["stands in what was read", { to: "ann@real.example" }],
    ["is part of a longer text", { body: "Write to me@made.example." }],
    ["is none", { to: "Ann", at: "3@4", n: 7 }],
  ])("is not made up where it %s", (_, args) => {
    expect(findInventedAddress(args, read)).toBeUndefined();
  });

  test.each([
    ["of mail", { to: "ann@made.example" }, "ann@made.example", ["ann@real.example"]],
    [
      "of mail in a list",
      { to: ["ann@real.example", "bob@made.example"] },
      "bob@made.example",
      ["ann@real.example"],
    ],
    [
      "of a page",
      { url: "https://made.example" },
      "https://made.example",
      ["https://real.example/a", "http://b.example"],
    ],
  ])("%s is found with those that were read", (_, args, address, known) => {
    expect(findInventedAddress(args, read)).toEqual({ argument: Object.keys(args)[0], address, known });
  });
});
