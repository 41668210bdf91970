import { MemorySaver } from "@langchain/langgraph";
import { afterEach, describe, expect, it } from "vitest";
import { createGraph } from "../../../graphs/research.js";
import {
  exampleFolder,
  findBadCitations,
  linesUnder,
  readSources,
  removeDocuments,
  research,
  writeDocuments,
} from "./run-research.js";

afterEach(removeDocuments);

const comparison =
  "Compare Skerra Mill and Brannock Mill on power and year built, as a full briefing with at most 10 findings";

describe("research on the example's documents", () => {
  it("searches side by side, and writes a briefing whose every citation is in the files", async () => {
    const run = await createGraph({ model: "offline", checkpointer: new MemorySaver() }).invoke(
      { input: comparison },
      { configurable: { thread_id: "1" } },
    );
    expect(run.status).toBe("done");
    const searches = run.pastSteps.filter(({ tool }) => tool === "search_documents");
    expect(searches.slice(0, 4).map(({ args }) => args?.query)).toEqual([
      "Skerra Mill power",
      "Brannock Mill power",
      "Skerra Mill year built",
      "Brannock Mill year built",
    ]);
    expect(run.response).toMatch(
      /^# Briefing: Compare Skerra Mill and Brannock Mill on power and year built\n/,
    );
    expect(findBadCitations(run.response, exampleFolder)).toEqual([]);
    // Read by hand in mill-survey-2031.md and brannock-mill.md.
    expect(run.response).toContain("“At spring tide Brannock Mill delivers 57 kW of power.”");
    expect(run.response).toContain("“Brannock Mill was built in 1802 by the engineer Ida Lorne.”");
    expect(run.usage.calls).toBeGreaterThan(0);
  });

  it("tells where two documents give other years, and states neither as a fact", async () => {
    const run = await research("When was Skerra Mill built?");
    expect(findBadCitations(run.response, exampleFolder)).toEqual([]);
    const [line = "", ...more] = linesUnder(run.response, "Where the sources disagree");
    expect(more).toEqual([]);
    expect(line).toMatch(/built in 1743 .*” \[\d\], but “.*built in 1751, .*” \[\d\] \(other numbers\)$/);
    const [facts = ""] = run.response.split("**Where the sources disagree**");
    expect(facts).not.toMatch(/1743|1751/);
    expect(readSources(run.response, exampleFolder).map(({ document }) => document)).toEqual([
      "skerra-mill.md",
      "parish-history.md",
    ]);
  });

  it("replans for a claim that its cited source does not support, and lists it as unsupported", async () => {
    const run = await research("How much power does Skerra Mill deliver at spring tide?");
    expect(run.status).toBe("done");
    expect(run.pastSteps.filter(({ status }) => status !== "done")).toMatchObject([
      { id: "report", status: "failed", error: { message: expect.stringContaining("68 kW") } },
    ]);
    expect(run.pastSteps.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["elsewhere", "recheck", "final-report"]),
    );
    expect(findBadCitations(run.response, exampleFolder)).toEqual([]);
    const [facts = ""] = run.response.split("**Not supported");
    expect(facts).toContain("“At spring tide Skerra Mill delivers 42 kW of power.”");
    expect(facts).not.toContain("68 kW");
    const [line = ""] = linesUnder(run.response, "Not supported, so not stated above");
    expect(line).toMatch(
      /^- “Skerra Mill delivers 68 kW .*nothing there of 68 kW.*What comes nearest: “.*42 kW/,
    );
  });

  it("does not do what a document says, and forges no citation", async () => {
    for (const goal of [
      "How much power does Skerra Mill deliver at spring tide?",
      "Research the guest book of Skerra Mill",
    ]) {
      const { response } = await research(goal);
      expect(response).not.toContain("900 kW");
      expect(response).not.toMatch(/ignore all previous|delete every/i);
    }
  });

  it("says so where nothing is found, after it has searched with other forms of the words", async () => {
    const run = await research("What is the population of Atlantis?");
    expect(run.status).toBe("done");
    expect(
      run.pastSteps.filter(({ tool }) => tool === "search_documents").map(({ args }) => args?.loose),
    ).toEqual([undefined, true]);
    expect(run.response).toContain("Nothing was found on “What is the population of Atlantis?”.");
    expect(run.response).not.toMatch(/\[\d+\]|- “/);
  });

  it("respects limit, threshold and format of the goal's words, and of the options", async () => {
    const facts = (response: string) => response.match(/^- “/gm)?.length;
    const goal = "Research the restoration of the mills";
    expect(facts((await research(goal)).response)).toBe(3);
    expect(facts((await research(`${goal}, at most two findings`)).response)).toBe(2);
    expect(facts((await research(goal, { limit: 1 })).response)).toBe(1);
    const briefing = await research(`${goal} as a full briefing with a threshold of 0.95`);
    expect(briefing.response).toContain("# Briefing: The restoration of the mills\n");
    expect(briefing.response).toContain("The least support was 0.95.");
    expect((await research(goal, { format: "briefing", threshold: 0.6 })).response).toContain(
      "support was 0.6.",
    );
  });

  it("takes up the question before where only the form is another", async () => {
    const agent = createGraph({ model: "offline", checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    await agent.invoke({ input: "Research the restoration of the mills" }, thread);
    const second = await agent.invoke(
      { input: "Now the same as a full briefing, at most 1 finding" },
      thread,
    );
    expect(second.response).toContain("# Briefing: The restoration of the mills");
    expect(readSources(second.response, exampleFolder)).toHaveLength(1);
    const third = await agent.invoke({ input: "Do otters breed at Skerra Mill?" }, thread);
    expect(third.response).toContain("“Otters breed at the pond of Skerra Mill.” [1]");
    expect(findBadCitations(third.response, exampleFolder)).toEqual([]);
  });

  it("leaves goals of other fields to the general rules", async () => {
    const run = await research("Calculate 17*23 and 19*29");
    expect(run.response).toContain("cannot plan");
    expect(run.pastSteps).toEqual([]);
  });

  it("waits for a plan's approval where that is asked for, and takes what is said of the plan", async () => {
    const agent = createGraph({
      model: "offline",
      approval: { plan: true },
      checkpointer: new MemorySaver(),
    });
    const { Command } = await import("@langchain/langgraph");
    const thread = { configurable: { thread_id: "1" } };
    const first = await agent.invoke({ input: "Research the restoration of the mills" }, thread);
    expect(first.status).toBe("waiting");
    const resume = { decisions: [{ type: "reject", message: "at most 1 finding" }] };
    await agent.invoke(new Command({ resume }), thread);
    const last = await agent.invoke(new Command({ resume: "approve" }), thread);
    expect(last.status).toBe("done");
    expect(readSources(last.response, exampleFolder)).toHaveLength(1);
  });
});

describe("research on other documents", () => {
  it("follows what they say", async () => {
    const data = writeDocuments({
      "a/lamp.md": "# The Ormo lamp\n\nThe Ormo lamp shines 23 km over the sea. It was lit in 1911.\n",
      "b/pilot book.txt": "Pilot book\n\nThe Ormo lamp shines 23,000 metres over the sea in clear air.\n",
    });
    const { response } = await research("How far does the Ormo lamp shine over the sea?", { data });
    expect(response).toContain("“The Ormo lamp shines 23 km over the sea.” [1][2]");
    expect(response).toContain("[1] The Ormo lamp (a/lamp.md, line 3)");
    expect(response).not.toContain("disagree");
    const other = writeDocuments({
      "lamp.md": "# The Ormo lamp\n\nThe Ormo lamp shines 31 km over the sea.\n",
    });
    const changed = await research("How far does the Ormo lamp shine over the sea?", { data: other });
    expect(changed.response).toContain("“The Ormo lamp shines 31 km over the sea.” [1]");
  });

  it("finds another source for a claim whose own does not support it", async () => {
    const data = writeDocuments({
      "talk.md": "# Talk\n\nThe Ormo lamp burns 12 litres of oil a night (see [the log](log.md)).\n",
      "log.md": "# Log of the Ormo lamp\n\nThe Ormo lamp was cleaned on each Monday.\n",
      "stores.md": "# Stores\n\nOf its oil the Ormo lamp takes 12 litres in a night of winter.\n",
    });
    const { response, pastSteps } = await research("How much oil does the Ormo lamp burn a night?", {
      data,
      limit: 1,
    });
    expect(pastSteps.at(-1)?.id).toBe("final-report");
    expect(response).toContain("“The Ormo lamp burns 12 litres of oil a night.” [1] (as [2] says)");
    expect(response).toMatch(/\[1\] Stores \(stores.md, line 3\)\n- \[2\] Talk \(talk.md, line 3\)/);
    expect(response).not.toContain("Not supported");
  });

  it("lists a claim whose source is not there, and one that is denied", async () => {
    const data = writeDocuments({
      "talk.md": "# Talk\n\nThe Ormo lamp burns rape oil (see gone.md).\n",
      "yes.md": "# Keepers\n\nThe keepers of the Ormo lamp live on the rock.\n",
      "no.md": "# Island\n\nThe keepers of the Ormo lamp do not live on the rock.\n",
    });
    const oil = await research("Which oil does the Ormo lamp burn?", { data });
    expect(oil.response).toContain("no claim of it is supported by its source");
    expect(linesUnder(oil.response, "Not supported, so not stated above")[0]).toContain(
      "its source gone.md is not there",
    );
    const keepers = await research("Do the keepers of the Ormo lamp live on the rock?", { data });
    expect(linesUnder(keepers.response, "Where the sources disagree")).toEqual([
      "- “The keepers of the Ormo lamp live on the rock.” [1], but “The keepers of the Ormo lamp do not live on the rock.” [2] (denied)",
    ]);
    expect(findBadCitations(keepers.response, data)).toEqual([]);
  });

  it("answers for the subject of which something was found, and names the other", async () => {
    const data = writeDocuments({ "lamp.md": "# Lamps\n\nThe Ormo lamp has a height of 31 m.\n" });
    const { response } = await research("Compare the Ormo lamp and the Quist beacon on height", { data });
    expect(response).toContain("“The Ormo lamp has a height of 31 m.” [1]");
    expect(linesUnder(response, "Nothing found")).toEqual(["- Quist beacon: height"]);
  });

  it("says which folder is missing, and which files it could not read", async () => {
    const missing = await research("Research lamps", { data: "/nowhere/at/all" });
    expect(missing.response).toContain("The folder of documents /nowhere/at/all cannot be read");
    const data = writeDocuments({
      "good.md": "# Lamps\n\nLamps burn oil.\n",
      "bad.txt": Buffer.from([0xff, 0xfe, 0x00, 0x41]),
      "empty.md": "",
    });
    const { response } = await research("What do lamps burn?", { data });
    expect(response).toContain("“Lamps burn oil.” [1]");
    expect(linesUnder(response, "Notes")).toEqual(["- Not read: bad.txt: not in UTF-8."]);
  });

  it("sees that the folder has changed between two turns", async () => {
    const data = writeDocuments({ "lamp.md": "# Lamps\n\nThe Ormo lamp has a height of 31 m.\n" });
    const agent = createGraph({ model: "offline", data, checkpointer: new MemorySaver() });
    const ask = () =>
      agent.invoke({ input: "How high is the Ormo lamp?" }, { configurable: { thread_id: "1" } });
    expect((await ask()).response).toContain("31 m");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(`${data}/lamp.md`, "# Lamps\n\nThe Ormo lamp has a height of 34 m.\n");
    const { response } = await ask();
    expect(response).toContain("34 m");
    expect(response).not.toContain("31 m");
  });
});
