import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { DynamicStructuredTool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { type AgentTool, createToolChooser, createToolRegistry } from "../../../src/tools/index.js";

interface Described {
  readonly description?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly gives?: readonly string[];
  readonly reads?: boolean;
}

/** A tool whose arguments are all required. The words of an argument are its description. */
function makeTool(
  name: string,
  { description = "", args = {}, gives, reads = true }: Described = {},
): AgentTool {
  const toFields = (names: readonly string[]) => Object.fromEntries(names.map((field) => [field, {}]));
  const properties = Object.fromEntries(
    Object.entries(args).map(([field, words]) => [field, { type: "string" as const, description: words }]),
  );
  return new DynamicStructuredTool({
    name,
    description,
    schema: { type: "object" as const, properties, required: Object.keys(args) },
    metadata: {
      readOnly: reads,
      ...(gives && {
        outputSchema: { type: "array", items: { type: "object", properties: toFields(gives) } },
      }),
    },
    func: async () => "",
  });
}

const fillers = Array.from({ length: 40 }, (_, at) => makeTool(`filler_${at}`));

function choice(
  tools: readonly AgentTool[],
  {
    from = 30,
    limit = 5,
    embeddings,
    timeoutMs = 1_000,
  }: Partial<Parameters<typeof createToolChooser>[1]> = {},
) {
  const registry = createToolRegistry([...fillers, ...tools]);
  const faults: string[] = [];
  const chooser = createToolChooser(registry, { from, limit, embeddings, timeoutMs });
  const common = { among: registry, onFault: (error: string) => faults.push(error) };
  return {
    registry,
    faults,
    choose: (text: string, more: object = {}) => chooser.choose({ texts: [text], ...common, ...more }),
    find: (text: string) => chooser.find({ texts: [text], ...common }),
  };
}

describe("a part of many tools", () => {
  test("is not chosen where there are few, or where all can be described", async () => {
    expect(await choice([], { from: 41 }).choose("anything")).toBeUndefined();
    expect(await choice([], { limit: 40 }).choose("anything")).toBeUndefined();
  });

  test("has the tools whose name, description or arguments have the goal's words, in any form", async () => {
    const { choose } = choice([
      makeTool("listInvoices"),
      makeTool("tool_b", { description: "Cancels a booking." }),
      makeTool("tool_c", { args: { postcode: "" } }),
    ]);
    const described = async (goal: string) => (await choose(goal))?.described;
    expect(await described("Which invoice is open?")).toContain("listInvoices");
    expect(await described("our bookings were cancelled")).toContain("tool_b");
    expect(await described("The postcode of Bonn")).toContain("tool_c");
  });

  test("has tools that have other words for the same", async () => {
    const { choose } = choice([makeTool("trigger_workflow"), makeTool("list_contributors")]);
    expect((await choose("Kick off the nightly build"))?.described).toContain("trigger_workflow");
    expect((await choose("Who wrote it?"))?.described).toContain("list_contributors");
  });

  test("is filled in the order in which the tools were given, which is also its own order", async () => {
    const { choose } = choice([makeTool("send_mail")], { limit: 3 });
    const part = await choose("Send a mail");
    expect(part?.described).toEqual(["filler_0", "filler_1", "send_mail"]);
    expect(part?.named).toEqual(fillers.slice(2).map(({ name }) => name));
    expect(part?.hidden).toBe(0);
    expect(await choose("Send a mail")).toEqual(part);
  });

  test("names at most a hundred more and counts the rest", async () => {
    const many = Array.from({ length: 110 }, (_, at) => makeTool(`more_${at}`));
    const part = await choice(many).choose("anything");
    expect([part?.described.length, part?.named.length, part?.hidden]).toEqual([5, 100, 45]);
  });

  test("has what is kept and what a text names, beyond the limit", async () => {
    const { choose } = choice([makeTool("pay"), makeTool("send_mail")], { limit: 1 });
    const part = await choose("send_mail to Ann, and pay filler_7", { kept: ["pay", "no tool"] });
    expect(part?.described).toEqual(["filler_7", "pay", "send_mail"]);
  });

  test("is not flooded by a text that names every tool", async () => {
    const many = Array.from({ length: 110 }, (_, at) => makeTool(`more_${at}`));
    const { choose, registry } = choice(many);
    expect((await choose(registry.names.join(" ")))?.described).toHaveLength(100);
  });

  test("has only tools that the run may use", async () => {
    const { choose, registry } = choice([makeTool("send_mail"), makeTool("mail_archive")]);
    const among = registry.only(registry.names.filter((name) => name !== "send_mail"));
    const part = await choose("Send a mail", { among });
    expect(part?.described).toContain("mail_archive");
    expect([...(part?.described ?? []), ...(part?.named ?? [])]).not.toContain("send_mail");
  });
});

describe("a found tool", () => {
  const ping = makeTool("ping_webhook", { args: { hook_id: "" }, reads: false });

  test("brings the one whose output has the id that it must be told", async () => {
    const { choose } = choice([ping, makeTool("overview", { gives: ["hookId"] })], { limit: 2 });
    expect((await choose("Ping it"))?.described).toEqual(["ping_webhook", "overview"]);
  });

  test("brings the one that is about the same thing and gives an id, or of which no output is known", async () => {
    for (const gives of [["id"], undefined]) {
      const others = [makeTool("list_webhooks", { gives }), makeTool("list_orders", { gives })];
      const { choose } = choice([ping, ...others], { limit: 2 });
      expect((await choose("Ping it"))?.described).toEqual(["ping_webhook", "list_webhooks"]);
    }
  });

  test("brings none that gives no id, asks for it itself, or acts", async () => {
    const others = [
      makeTool("list_webhooks", { gives: ["url"] }),
      makeTool("get_webhook", { args: { hook_id: "" }, gives: ["id"] }),
      makeTool("create_webhook", { gives: ["id"], reads: false }),
    ];
    const { choose } = choice([ping, ...others], { limit: 2 });
    expect((await choose("Ping it"))?.described).toEqual(["filler_0", "ping_webhook"]);
  });

  test("brings those that its description, or an argument's, names", async () => {
    const pay = makeTool("pay", {
      description: "Pays. First ask price_of_order.",
      args: { to: "From find_payee." },
    });
    const { choose } = choice([pay, makeTool("price_of_order"), makeTool("find_payee")], { limit: 3 });
    expect((await choose("Pay Ann"))?.described).toEqual(["pay", "price_of_order", "find_payee"]);
  });
});

describe("a model's search", () => {
  test("finds the best tools first, with what they need", async () => {
    const ping = makeTool("ping_webhook", { args: { hook_id: "" }, reads: false });
    const { find } = choice([ping, makeTool("list_webhooks", { gives: ["id"] })]);
    expect(await find("ping")).toEqual(["ping_webhook", "list_webhooks"]);
    expect(await find("zebra")).toEqual([]);
  });

  test("finds just the tools that it names", async () => {
    expect(await choice([]).find("filler_9, filler_30 and no_tool")).toEqual(["filler_9", "filler_30"]);
  });
});

describe("embeddings", () => {
  const mail = makeTool("send_mail");
  /** Embeddings that know what one tool and one goal have in common. */
  function embeddingsOf(toVector: (text: string) => number[], log: string[] = []): EmbeddingsInterface {
    return {
      embedQuery: async (text) => toVector(text),
      embedDocuments: async (texts) => {
        log.push(`${texts.length} tools`);
        return texts.map(toVector);
      },
    };
  }
  const alike = (text: string) => (/send_mail|Brief/.test(text) ? [1, 0] : [0, 1]);

  test("find by meaning what no word finds, and are asked for the tools once", async () => {
    const log: string[] = [];
    const { choose, faults } = choice([mail], { embeddings: embeddingsOf(alike, log) });
    expect((await choose("Schick einen Brief"))?.described).toContain("send_mail");
    expect((await choose("Noch einen Brief"))?.described).toContain("send_mail");
    expect([log, faults]).toEqual([["41 tools"], []]);
  });

  test("that fail leave the choice to the words, say why, and are asked again", async () => {
    let isDown = true;
    const embeddings = embeddingsOf(alike);
    const failing: EmbeddingsInterface = {
      ...embeddings,
      embedDocuments: async (texts) => {
        if (isDown) {
          throw new Error("no quota");
        }
        return embeddings.embedDocuments(texts);
      },
    };
    const { choose, faults } = choice([mail], { embeddings: failing });
    expect((await choose("Send a mail"))?.described).toContain("send_mail");
    expect(faults).toEqual(["no quota"]);
    isDown = false;
    expect((await choose("Schick einen Brief"))?.described).toContain("send_mail");
  });

  test("that take too long, or give vectors of another length, leave it to the words too", async () => {
    const silent: EmbeddingsInterface = { ...embeddingsOf(alike), embedQuery: () => new Promise(() => {}) };
    const late = choice([mail], { embeddings: silent, timeoutMs: 1 });
    expect((await late.choose("Send a mail"))?.described).toContain("send_mail");
    expect(late.faults.join()).toContain("modelTimeoutMs");
    const odd: EmbeddingsInterface = { ...embeddingsOf(alike), embedQuery: async () => [1, 0, 0] };
    const other = choice([mail], { embeddings: odd });
    expect((await other.choose("Send a mail"))?.described).toContain("send_mail");
    expect(other.faults).toHaveLength(1);
  });

  test("of a run that is aborted end with it", async () => {
    const silent: EmbeddingsInterface = { ...embeddingsOf(alike), embedQuery: () => new Promise(() => {}) };
    const stop = new AbortController();
    const chosen = choice([mail], { embeddings: silent }).choose("Send a mail", { signal: stop.signal });
    stop.abort(new Error("left"));
    await expect(chosen).rejects.toThrow("left");
  });
});

test("a tool with the name of the search is refused where there is a search, and nowhere else", () => {
  const own = [makeTool("find_tools")];
  expect(() => choice(own)).toThrow('The tool "find_tools" has a name that the agent uses itself');
  expect(() => choice(own, { from: 100 })).not.toThrow();
});
