// How much space a thread's checkpoints take, turn after turn: as it is, trimmed after each turn, and with
// LangGraph's DeltaChannel (beta) for the conversation, the one channel that grows from turn to turn.
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createCheckpointer, createPlanExecuteAgent, trimThread } from "../../src/index.js";
import { type Script, ScriptedModel } from "../../test/support/scripted-model.js";
import type { Chaos, ChaosCase, ChaosRow } from "../chaos/case.js";
import { slopeOf } from "./memory.js";

const TURNS = { short: 10, long: 100 } as const;
const STEPS = 10;
const OUTPUT = "x".repeat(1_000);
const KEPT_CHECKPOINTS = 2;

const forms = ["plain", "trimmed", "delta"] as const;
type Form = (typeof forms)[number];

/** Many turns on one thread: how much space they take, and whether each gets its own answer. */
export const turnsCase: ChaosCase = {
  name: "many turns",
  async run(chaos: Chaos) {
    const rows: ChaosRow[] = [];
    for (const form of forms) {
      const file = join(chaos.folder, `${form}.db`);
      rows.push(await takeTurns(`sqlite, ${form}`, `sqlite:${file}`, form, chaos));
      rows.push(await takeTurns(`postgres, ${form}`, await chaos.postgres.createDatabase(), form, chaos));
    }
    return rows;
  },
};

async function takeTurns(phase: string, url: string, form: Form, { scale }: Chaos): Promise<ChaosRow> {
  const opened = await createCheckpointer(url);
  const model = new ScriptedModel(script);
  const { checkpointer } = opened;
  const experimental = { deltaMessages: form === "delta" };
  const agent = createPlanExecuteAgent({ model, tools: [kilobyte], checkpointer, experimental });
  const config = { configurable: { thread_id: "turns" } };
  const wrong: string[] = [];
  const points: [number, number][] = [];
  for (let turn = 1; turn <= TURNS[scale]; turn += 1) {
    const { response, messages } = await agent.invoke({ input: `turn <${turn}>` }, config);
    model.forget();
    if (response !== `answer ${turn}`) {
      wrong.push(`turn ${turn} was answered with "${response}"`);
    }
    // The goal, the plan and the answer of each turn.
    if (messages.length !== 3 * turn) {
      wrong.push(`after turn ${turn} there are ${messages.length} messages`);
    }
    if (form === "trimmed") {
      await trimThread(opened, "turns", { keep: KEPT_CHECKPOINTS });
    }
    points.push([turn, await bytesOf(checkpointer)]);
  }
  await opened.close();
  const shown = points.filter(([turn]) => turn === 1 || turn % (TURNS[scale] / 10) === 0);
  const late = points.slice(points.length / 2);
  console.log(
    `many turns, ${phase}: kB after turn ${shown.map(([turn, bytes]) => `${turn}: ${kb(bytes)}`).join(", ")}; ` +
      `${kb(slopeOf(points.slice(0, 10)))} kB a turn at first, ${kb(slopeOf(late))} at last`,
  );
  return { phase, tries: TURNS[scale], lost: [], repeated: [], wrong };
}

const kb = (bytes: number) => (bytes / 1_000).toFixed(0);

const kilobyte = tool(() => OUTPUT, {
  name: "kilobyte",
  description: "gives a kilobyte",
  schema: z.object({ step: z.number() }),
  metadata: { readOnly: true },
});

const script: Script = (messages, tools) => {
  const prompt = messages.map(({ text }) => text).join("\n");
  // The goal comes last in both prompts.
  const turn = [...prompt.matchAll(/turn <(\d+)>/g)].at(-1)?.[1];
  if (tools.length === 0) {
    return `answer ${turn}`;
  }
  const steps = Array.from({ length: STEPS }, (_, step) => ({ tool: "kilobyte", args: { step } }));
  return [{ name: "plan", args: { steps } }];
};

interface SqliteLike {
  prepare(sql: string): { get(): unknown };
}
interface PostgresLike {
  query(sql: string): Promise<{ rows: unknown[] }>;
}

const databaseSchema = z.object({
  db: z.custom<SqliteLike>().optional(),
  pool: z.custom<PostgresLike>().optional(),
});
const rowSchema = z.object({ bytes: z.coerce.number() });

const SQLITE_BYTES = `select (select coalesce(sum(length(checkpoint) + length(metadata)), 0) from checkpoints)
  + (select coalesce(sum(length(value)), 0) from writes)
  + (select coalesce(sum(length(value)), 0) from plan_execute_large_values) as bytes`;
const POSTGRES_BYTES = `select
  (select coalesce(sum(length(checkpoint::text) + length(metadata::text)), 0) from checkpoints)
  + (select coalesce(sum(length(blob)), 0) from checkpoint_blobs)
  + (select coalesce(sum(length(blob)), 0) from checkpoint_writes) as bytes`;

/** The bytes of everything that a checkpointer keeps, without the database's own overhead. */
async function bytesOf(checkpointer: object): Promise<number> {
  const { db, pool } = databaseSchema.parse({
    db: Reflect.get(checkpointer, "db"),
    pool: Reflect.get(checkpointer, "pool"),
  });
  const row =
    db === undefined ? (await pool?.query(POSTGRES_BYTES))?.rows[0] : db.prepare(SQLITE_BYTES).get();
  return rowSchema.parse(row).bytes;
}
