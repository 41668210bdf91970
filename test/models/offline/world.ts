import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ToolMessage } from "@langchain/core/messages";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { JsonValue } from "../../../src/base/index.js";
import { planByRule } from "../../../src/models/offline/plan-by-rule.js";
import { type ToolCard, toToolCard } from "../../../src/models/offline/tool-card.js";
import type { Result } from "../../../src/models/offline/values.js";
import { fillArgs, type Plan, validatePlan } from "../../../src/plan/index.js";
import { createBuiltinTools } from "../../../src/tools/index.js";
import type { AgentTool } from "../../../src/tools/registry.js";

const FILES: Readonly<Record<string, string>> = {
  "notes.txt": "The quick brown fox\njumps over the lazy dog\nand runs away",
  "a.txt": "one two three\nfour five",
  "b.txt": "alpha beta\ngamma\ndelta",
  "number.txt": "21",
  "docs/readme.md": "Hello world. This is a test.",
  "sales.csv":
    "product,region,amount,units,revenue\nPen,North,100,10,300\nBook,South,250,5,500\nLamp,North,50,2,80\nDesk,East,400,1,900\nChair,South,200,4,620\n",
  "refunds.csv": "product,amount\nPen,30\nDesk,70\n",
  "data/items.csv":
    "name,category,price,stock\nDune,books,12,3\nEmma,books,8,10\nRobot,toys,30,0\nBall,toys,5,25\nMug,kitchen,7,12\n",
  "orders.csv":
    "order_id,customer,status,amount\n1,Ann,shipped,120\n2,Bob,pending,80\n3,Ann,shipped,90\n4,Cid,shipped,300\n5,Bob,cancelled,150\n",
  "cities.csv":
    "city,country,population\nTokyo,Japan,37\nDelhi,India,32\nParis,France,11\nLima,Peru,10\nOslo,Norway,1\n",
  "employees.csv":
    "name,department,salary,age\nAda,Engineering,9000,36\nBen,Sales,5000,28\nCat,Engineering,7000,41\nDan,Sales,4500,52\nEve,HR,5500,33\n",
  "users.json":
    '[{"name":"Ann","age":31,"city":"Rome"},{"name":"Bob","age":25,"city":"Oslo"},{"name":"Cid","age":40,"city":"Rome"}]',
};

/** The day on which the tests happen: a Thursday. */
const TODAY = "2026-03-05T12:00:00Z";

/** What came of a goal: the outputs by step, the files that were written, or the text in place of a plan. */
export interface Outcome {
  readonly text?: string;
  readonly plan?: Plan;
  readonly outputs: ReadonlyMap<string, JsonValue>;
  readonly written: Readonly<Record<string, string>>;
  readonly issues: readonly string[];
}

/** A folder with files, the real built-in tools over it, and a small interpreter for plans. */
export class World {
  readonly root = mkdtempSync(join(tmpdir(), "offline-"));
  readonly tools: readonly AgentTool[];

  constructor(more: readonly AgentTool[] = []) {
    this.tools = [
      ...createBuiltinTools({ root: this.root, now: () => new Date(TODAY), timezone: "UTC" }),
      ...more,
    ];
  }

  async reset(): Promise<void> {
    rmSync(this.root, { recursive: true, force: true });
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  get cards(): ToolCard[] {
    return this.tools.flatMap((tool) => toToolCard(convertToOpenAITool(tool)) ?? []);
  }

  /** Plans a goal by rule and carries the plan out. */
  async carryOut(goal: string, earlier: readonly Result[] = []): Promise<Outcome> {
    await this.reset();
    const made = planByRule({ goal, tools: this.cards, earlier });
    if (made.kind !== "plan") {
      return {
        text: made.kind === "value" ? made.text : `unclear: ${made.part}`,
        outputs: new Map(),
        written: {},
        issues: [],
      };
    }
    const issues = validatePlan(made.plan, {
      tools: this.tools.map(({ name, schema }) => ({
        name,
        schema,
        readOnly: name !== "write_file",
      })),
    });
    const outputs = new Map<string, JsonValue>();
    const written: Record<string, string> = {};
    for (const step of made.plan.steps) {
      const filled = fillArgs(step.args ?? {}, outputs);
      if (!filled.ok) {
        throw new Error(`${step.id}: ${filled.issues.join("; ")}`);
      }
      outputs.set(step.id, await this.run(step.tool ?? "", filled.value));
      if (step.tool === "write_file") {
        const path = String(filled.value.path);
        written[path] = await readFile(join(this.root, path), "utf8");
      }
    }
    return { plan: made.plan, outputs, written, issues: issues.map((issue) => issue.message) };
  }

  private async run(name: string, args: Record<string, JsonValue>): Promise<JsonValue> {
    const tool = this.tools.find((candidate) => candidate.name === name);
    if (tool === undefined) {
      throw new Error(`no tool ${name}`);
    }
    const message: unknown = await tool.invoke({ type: "tool_call", id: "1", name, args });
    if (!(message instanceof ToolMessage)) {
      throw new Error("no tool message");
    }
    const text = message.text;
    if (name === "read_file") {
      return text;
    }
    try {
      const value: JsonValue = JSON.parse(text);
      return value;
    } catch (error) {
      if (error instanceof SyntaxError) {
        return text;
      }
      throw error;
    }
  }
}

/** Every value that a plan's outputs hold, as text: numbers rounded to six digits. */
export function leaves(value: JsonValue): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(leaves);
  }
  if (typeof value === "object" && value !== null) {
    return Object.values(value).flatMap(leaves);
  }
  return [typeof value === "number" ? String(Number(value.toFixed(6))) : String(value)];
}
