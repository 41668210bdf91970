import { expect, test } from "vitest";
import { MediaMemory } from "../../src/tools/index.js";

test("the oldest pictures make room for new ones, and the same one is kept once", () => {
  const memory = new MediaMemory();
  const media = { mimeType: "image/png", data: "x".repeat(15_000_000) };
  for (const name of ["1", "1", "2", "3", "4"]) {
    memory.add(name, media);
  }
  expect(memory.get("1")).toBe(media);
  memory.add("5", media);
  expect(memory.get("1")).toBeUndefined();
  expect(memory.get("2")).toBe(media);
});
