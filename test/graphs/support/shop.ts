import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { afterAll } from "vitest";
import { openDatabase } from "../../../graphs/shared/open-database.js";
import { createGraph } from "../../../graphs/support.js";
import type { AgentEvent, PlanExecuteOptions } from "../../../src/index.js";
import { type ScriptByRole, scriptedByRole } from "../../support/scripted-model.js";

/** A shop that is not the example's. Order 77 was delivered on 2030-03-01 for 110.30; order 80 costs 300.00. */
const FILES = {
  customers:
    "customer,name,email\nK7,Rosa Ruiz,rosa@shop.test\nK8,Sven Sund,sven@shop.test\nK9,Tom Sund,sven@shop.test\n",
  orders:
    "order,customer,currency,ordered,delivered\n77,K7,CHF,2030-02-20,2030-03-01\n78,K7,CHF,2030-03-02,\n80,K8,CHF,2020-01-01,2020-01-02\n",
  items:
    "order,item,name,category,quantity,unit_price\n77,77a,Water kettle,kitchen,1,60.00\n77,77b,Tea cup,kitchen,3,10.10\n77,77c,Cook book,books,1,20\n78,78a,Toaster,kitchen,1,45.50\n80,80a,Radio,audio,1,300\n",
  policies:
    "category,reason,refundable,window_days,fee_percent,note\nkitchen,damaged,yes,14,,\nkitchen,unwanted,yes,20,12.5,\nbooks,any,no,,,Books stay sold.\nany,any,yes,99999,0,\n",
  staff: "identity,name,role\nagnes,Agnes,agent\nmax,Max,manager\n",
};

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Makes a folder with the shop's files; `undefined` removes a file. */
export function makeShop(changes: Partial<Record<keyof typeof FILES, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-support-"));
  made.push(folder);
  const data = join(folder, "data");
  mkdirSync(data);
  for (const [name, content] of Object.entries({ ...FILES, ...changes })) {
    writeFileSync(join(data, `${name}.csv`), content);
  }
  return { folder, data, workspace: join(folder, "workspace") };
}

/** A shop with an agent whose models are scripted. */
export function openShop(script: ScriptByRole, options: PlanExecuteOptions = {}) {
  const shop = makeShop();
  const model = scriptedByRole(script);
  const events: AgentEvent[] = [];
  const agent = createGraph({
    model,
    checkpointer: new MemorySaver(),
    data: shop.data,
    workspace: shop.workspace,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { ...shop, agent, model, events, refunds: () => readRefunds(shop.workspace) };
}

/** The rows of the ledger, in the order in which they were written. */
export async function readRefunds(workspace: string) {
  const database = await openDatabase(join(workspace, "support.db"));
  try {
    return database.prepare("select item, cents, decided_by from refunds order by rowid").all();
  } finally {
    database.close();
  }
}

/** A thread's config, with the user whom a server has authenticated, if one has. */
export function threadOf(id: string, user?: string) {
  const known = user === undefined ? {} : { langgraph_auth_user_id: user };
  return { configurable: { thread_id: id, ...known } };
}
