// The research example: what it answers without a model, what its checks find, and what waits for a person.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGraph, type ResearchOptions } from "../../graphs/research.js";
import { approve, decide, isWaiting, reject, requestOf } from "../support/approval.js";
import { planCall, type ScriptByRole, scriptedByRole } from "../support/scripted-model.js";
import { recorded, startLoopback } from "../tools/search/loopback.js";

const thread = { configurable: { thread_id: "1" } };

/** A folder that is removed with the test, with these files in it. */
function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-research-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The graph with a model that says these things. Without a script, a call of the model fails the test. */
function createResearch(script: ScriptByRole = {}, options: ResearchOptions = {}) {
  const model = scriptedByRole(script);
  const workspace = makeFolder();
  return {
    model,
    workspace,
    agent: createGraph({ model, workspace, checkpointer: new MemorySaver(), ...options }),
  };
}

const answerTo = async (question: string, options: ResearchOptions = {}) => {
  const { agent } = createResearch({}, { replanner: { maxReplans: 0 }, ...options });
  return agent.invoke({ plan: { name: "answer", with: { question } } }, thread);
};

describe("an answer without a model", () => {
  it("quotes the documents, and says which file and line each quotation is from", async () => {
    const { response, status } = await answerTo("When was Brannock Mill built?");
    expect(status).toBe("done");
    expect(response).toBe(
      "- “Brannock Mill was built in 1802 by the engineer Ida Lorne.” [1]\n\n" +
        "## Sources\n\n- [1] brannock-mill.md#L7: “Brannock Mill was built in 1802 by the engineer Ida Lorne.”",
    );
  });

  it("shows where a document says something else than the source that it names", async () => {
    const { response } = await answerTo("How much power does Skerra Mill deliver at spring tide?");
    expect(response).toContain("“At spring tide Skerra Mill delivers 42 kW of power.” [1]");
    expect(response).toContain("But mill-survey-2031.md does not say “68 kW” [3].");
  });

  it("does not repeat what gives orders to its readers", async () => {
    const { response } = await answerTo("Skerra Mill power");
    expect(response).not.toMatch(/900 kW|SYSTEM/);
  });

  it("compares two things, aspect by aspect", async () => {
    const { agent } = createResearch();
    const values = { one: "Skerra Mill", other: "Brannock Mill", aspects: "power and year built" };
    const { response } = await agent.invoke({ plan: { name: "compare", with: values } }, thread);
    const headings = [
      "Skerra Mill power",
      "Skerra Mill year built",
      "Brannock Mill power",
      "Brannock Mill year built",
    ];
    expect([...response.matchAll(/\*\*(.+)\*\*/g)].map(([, heading]) => heading)).toEqual(headings);
    expect(response).toContain("1751");
    expect(response).toContain("1802");
  });

  it.each(["Who is the king of Skerra Mill?", "How many visitors did Ormo Mill have?", "colour"])(
    "is refused where the documents do not have it: %s",
    async (question) => {
      const run = await answerTo(question);
      expect(run.status).toBe("incomplete");
      expect(run.outcome?.failed).toMatchObject([{ id: "search", status: "unexpected" }]);
    },
  );

  it("is from the folder as it is now, whatever is in it", async () => {
    const data = makeFolder({
      "a.md": "# Lamp\n\n## Reach\n\n- The [lamp](x.md) *shines* 23 km. It has two keepers.\n",
      "wrapped.md":
        "# Keepers\n\nThe keepers of Ormo are two\nsisters. They came in\n1988. Nobody knows why.\n",
      "line.txt": "The pier of Ormo is 80 m long.",
      "deep/b.txt": "Lamp notes\r\n\r\nThe lamp of Ormo was “lit” in 1840.",
      ".hidden.md": "# Lamp\n\nThe lamp is a secret.",
      "empty.md": "",
    });
    const { agent } = createResearch({}, { data });
    const ask = (question: string) => agent.invoke({ plan: { name: "answer", with: { question } } }, thread);
    expect((await ask("how far does the lamp shine")).response).toContain("“The lamp shines 23 km.” [1]");
    expect((await ask("when was the lamp lit")).response).toContain("[1] deep/b.txt#L3: “The lamp of Ormo");
    const keepers = "“The keepers of Ormo are two sisters.” [1]\n\n## Sources\n\n- [1] wrapped.md#L3:";
    expect((await ask("who are the keepers of Ormo")).response).toContain(keepers);
    expect((await ask("when came they, Keepers")).response).toContain(
      "[1] wrapped.md#L4: “They came in 1988.”",
    );
    expect((await ask("how long is the pier")).response).toContain("[1] line.txt#L1: “The pier");
    writeFileSync(join(data, "a.md"), "# Lamp\n\nThe lamp shines 29 km.\n");
    expect((await ask("how far does the lamp shine")).response).toContain("29 km");
  });
});

const SEARCH = { id: "search", tool: "search_documents", args: { query: "Skerra Mill power" } };
const WRITE = { id: "write", description: "Write the answer", dependsOn: ["search"] };
const CITE = { id: "cite", tool: "write_answer", args: { text: "{{write}}" } };

describe("an answer of a model", () => {
  it("is written in its own words, and its citations become numbers", async () => {
    const { agent, model } = createResearch({
      planner: planCall([SEARCH, WRITE, CITE], "{{cite.answer}}"),
      agent: "Skerra Mill delivers 42,000 W at spring tide [mill-survey-2031.md#L7].",
    });
    const run = await agent.invoke({ input: "How strong is Skerra Mill?" }, thread);
    expect(run.response).toMatch(/^Skerra Mill delivers 42,000 W at spring tide \[1\]\.\n\n## Sources\n/);
    expect(model.calls[0]?.prompt).toContain("the names of what is asked about");
  });

  it("is unexpected where it claims what its source does not say, and the replanner has it written anew", async () => {
    const texts = [
      "Skerra Mill delivers 68 kW [mill-survey-2031.md#L7], and “a lot more in winter” [nowhere.md].",
      "Skerra Mill delivers 42 kW at spring tide [mill-survey-2031.md#L7].",
    ];
    const { agent, model } = createResearch({
      planner: planCall([SEARCH, WRITE, CITE], "{{cite.answer}}"),
      agent: () => texts.shift() ?? "",
      replanner: planCall(
        [
          { id: "again", description: "Write it anew", dependsOn: ["search"] },
          { id: "cited", tool: "write_answer", args: { text: "{{again}}" } },
        ],
        "{{cited.answer}}",
      ),
    });
    const run = await agent.invoke({ input: "How strong is Skerra Mill?" }, thread);
    expect(run.pastSteps.map(({ id, status }) => [id, status])).toEqual([
      ["search", "done"],
      ["write", "done"],
      ["cite", "unexpected"],
      ["again", "done"],
      ["cited", "done"],
    ]);
    expect(run.response).toMatch(/^Skerra Mill delivers 42 kW/);
    const asked = model.calls.find(({ role }) => role === "replanner")?.prompt;
    expect(asked).toContain("the number “68 kW” does not stand in mill-survey-2031.md#L7");
    expect(asked).toContain("there is no source [nowhere.md]");
  });

  it("needs as many words of its source as the run's context says", async () => {
    const text = "Otters deliver mail to the harbour of Norhavn [mill-survey-2031.md#L7].";
    const script = { planner: planCall([{ ...CITE, args: { text } }], "{{cite.answer}}") };
    const { agent } = createResearch(script, { replanner: { maxReplans: 0 } });
    const ask = (threshold: number) =>
      agent.invoke({ input: "Otters?" }, { ...thread, context: { threshold } });
    expect((await ask(0.8)).outcome?.failed).toMatchObject([{ id: "cite", status: "unexpected" }]);
    expect((await ask(0.1)).status).toBe("done");
    await expect(ask(7)).rejects.toThrow(/threshold/);
  });
});

describe("a report that is there already", () => {
  const save = (answer: string) => ({ id: "save", tool: "save_report", args: { name: "mills", answer } });

  it("is overwritten only where a person agrees", async () => {
    const scripts = [
      planCall([save("old")], "{{save.path}}"),
      planCall([save("new")]),
      planCall([save("new")], "save"),
    ];
    const { agent, workspace } = createResearch({
      planner: () => scripts.shift() ?? "",
      replanner: "The report stays as it was.",
    });
    const path = join(workspace, "reports/mills.md");
    expect((await agent.invoke({ input: "Save it" }, thread)).response).toBe(path);
    const waiting = await agent.invoke({ input: "Save it anew" }, thread);
    expect(requestOf(waiting).actionRequests).toMatchObject([{ name: "save_report" }]);
    const rejected = await agent.invoke(decide(reject()), thread);
    expect(rejected.pastSteps).toMatchObject([{ id: "save", status: "rejected" }]);
    expect(readFileSync(path, "utf8")).toBe("old\n");
    expect(isWaiting(await agent.invoke({ input: "Do it" }, thread))).toBe(true);
    expect((await agent.invoke(decide(approve), thread)).status).toBe("done");
    expect(readFileSync(path, "utf8")).toBe("new\n");
  });
});

describe("a search of the web", () => {
  it("waits for a person, because the words leave the house, and what it finds can be cited", async () => {
    const server = await startLoopback(() => recorded("searxng.json"));
    onTestFinished(() => server.close());
    const url = "https://en.wikipedia.org/wiki/Ada_Lovelace";
    const { agent } = createResearch(
      {
        planner: planCall(
          [
            { id: "web", tool: "search_web", args: { query: "Ada Lovelace" } },
            {
              id: "cite",
              tool: "write_answer",
              args: {
                text: `Ada Lovelace was an English mathematician and writer [${url}].`,
                searches: ["{{web}}"],
              },
            },
          ],
          "{{cite.answer}}",
        ),
      },
      { web: "searxng", search: { searxng: { url: server.origin } } },
    );
    const waiting = await agent.invoke({ input: "Who was Ada Lovelace?" }, thread);
    expect(requestOf(waiting).actionRequests).toMatchObject([
      { name: "search_web", args: { query: "Ada Lovelace" } },
    ]);
    expect(server.requests).toEqual([]);
    expect((await agent.invoke(decide(approve), thread)).response).toContain(`[1] ${url}`);
  });
});
