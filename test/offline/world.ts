import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { JsonValue } from "../../src/base/index.js";
import { createOffline } from "../../src/offline/index.js";
import {
  fillAnswer,
  fillArgs,
  fillReferences,
  planSchema,
  type StepResult,
  validatePlan,
} from "../../src/plan/index.js";
import type { PlanReply, PlanRequest } from "../../src/prompts/index.js";
import { type AgentTool, createBuiltinTools, createToolRegistry } from "../../src/tools/index.js";

/** A goal, its whole answer, and the files that it writes. */
export type Goal = readonly [goal: string, answer: string, files?: Readonly<Record<string, string>>];

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
const TODAY = new Date("2026-03-05T12:00:00Z");

/** The reply to a goal, and what came of its plan. */
export interface Outcome {
  readonly reply: PlanReply;
  readonly answer?: string;
  readonly written: Readonly<Record<string, string>>;
}

/** A folder with files, the real built-in tools over it, and a small interpreter for plans. */
export class World {
  readonly root = mkdtempSync(join(tmpdir(), "offline-"));
  readonly tools: readonly AgentTool[] = createBuiltinTools({
    root: this.root,
    now: () => TODAY,
    timezone: "UTC",
  });
  /** Whether the folder is as a goal finds it. */
  private isFresh = false;
  readonly offline = createOffline(() => TODAY);

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** What the planner is asked for a goal. */
  requestOf(goal: string, more: Partial<PlanRequest> = {}): PlanRequest {
    return {
      goal,
      conversation: [],
      signal: new AbortController().signal,
      tools: createToolRegistry([...this.tools]).describe(),
      plans: [],
      maxSteps: 12,
      today: "Tuesday, 2025-06-10, Europe/Berlin",
      attachments: [],
      issues: [],
      granularity: "balanced",
      ...more,
    };
  }

  /** Plans a goal, and carries the plan out. */
  async carryOut(goal: string, conversation: readonly BaseMessage[] = []): Promise<Outcome> {
    await this.fill();
    const reply = await this.offline.plan(this.requestOf(goal, { conversation }));
    if (typeof reply === "string" || !("steps" in reply)) {
      return { reply, written: {} };
    }
    const { steps, answer } = planSchema.parse(reply);
    const tools = this.tools.map(({ name, schema }) => ({ name, schema, readOnly: name !== "write_file" }));
    const issues = validatePlan(reply, { tools });
    if (issues.length > 0) {
      throw new Error(issues.map(({ message }) => message).join(" "));
    }
    const outputs = new Map<string, JsonValue>();
    const pastSteps: StepResult[] = [];
    const written: Record<string, string> = {};
    for (const { id, description, tool = "", args = {}, forEach } of steps) {
      const list = forEach === undefined ? undefined : fillReferences(forEach, outputs);
      const items = list?.ok && Array.isArray(list.value) ? list.value : undefined;
      const made: JsonValue[] = [];
      for (const item of items ?? [null]) {
        made.push(await this.call(tool, args, new Map([...outputs, ["item", item]])));
      }
      const output = items === undefined ? (made[0] ?? null) : made;
      outputs.set(id, output);
      pastSteps.push({ id, description, tool, args, output, status: "done", attempts: 1, endedAt: "" });
      if (tool === "write_file") {
        this.isFresh = false;
        written[String(args.path)] = await readFile(join(this.root, String(args.path)), "utf8");
      }
    }
    const { signal } = this.requestOf(goal);
    const told = answer === undefined ? undefined : fillAnswer(answer, pastSteps);
    const request = { goal, tools: [], conversation, signal, plan: steps, pastSteps, decisions: [] };
    return { reply, answer: told ?? String(await this.offline.write(request)), written };
  }

  private async call(
    name: string,
    args: Record<string, JsonValue>,
    outputs: ReadonlyMap<string, JsonValue>,
  ): Promise<JsonValue> {
    const tool = this.tools.find((one) => one.name === name);
    const filled = fillArgs(args, outputs);
    if (tool === undefined || !filled.ok) {
      throw new Error(`${name} cannot be called.`);
    }
    const message: unknown = await tool.invoke({ type: "tool_call", id: "1", name, args: filled.value });
    if (!(message instanceof ToolMessage)) {
      throw new Error(`${name} gives no tool message.`);
    }
    const { text } = message;
    try {
      const value: JsonValue = name === "read_file" ? text : JSON.parse(text);
      return value;
    } catch (error) {
      if (error instanceof SyntaxError) {
        return text;
      }
      throw error;
    }
  }

  private async fill(): Promise<void> {
    if (this.isFresh) {
      return;
    }
    this.isFresh = true;
    rmSync(this.root, { recursive: true, force: true });
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }
}
