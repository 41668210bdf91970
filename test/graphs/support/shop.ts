import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import type { AgentEvent } from "langgraph-plan-execute";
import { afterAll } from "vitest";
import { z } from "zod";
import { openDatabase } from "../../../graphs/shared/open-database.js";
import { createGraph, type SupportGraphOptions } from "../../../graphs/support.js";

/** The shop's files by name, without ".csv". */
export type ShopFiles = Readonly<Record<string, string>>;

/**
 * A shop that is none of the example's. The day is 2030-03-15. Order 77 was delivered on 2030-03-01, 14 days before:
 * a kettle for 60.00, 3 cups at 10.10 each, a book for 20.00; 110.30 in all.
 */
export const files: ShopFiles = {
  customers:
    "customer,name,email,since\nK7,Rosa Ruiz,rosa@shop.test,2029\nK8,Sven Sund,sven@shop.test,2030\n",
  orders:
    "order,customer,currency,ordered,delivered\n77,K7,CHF,2030-02-20,2030-03-01\n78,K7,CHF,2030-03-02,2030-03-05\n90,K8,CHF,2030-01-02,2030-01-04\n",
  "order-items":
    "order,item,name,category,quantity,unit_price\n77,77a,Water kettle,kitchen,1,60.00\n77,77b,Tea cup,kitchen,3,10.10\n77,77c,Cook book,books,1,20\n78,78a,Toaster,kitchen,1,45.50\n90,90a,Radio,audio,1,99.99\n",
  "refund-policies":
    "category,reason,refundable,window_days,fee_percent,max_without_manager,note\nkitchen,damaged,yes,14,,70,\nkitchen,changed_mind,yes,20,12.5,70,\nbooks,any,no,,,,Books stay sold.\nany,any,yes,10,0,50,\n",
  staff: "identity,name,role\nagnes,Agnes,agent\nmax,Max,manager\n",
};

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A shop with these files in the place of its own, and an agent of it; `undefined` takes a file away. */
export function openShop(
  changes: Readonly<Record<string, string | undefined>> = {},
  options: SupportGraphOptions = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-support-"));
  made.push(folder);
  const data = join(folder, "data");
  const workspace = join(folder, "workspace");
  mkdirSync(data);
  const write = (name: string, content: string) => writeFileSync(join(data, `${name}.csv`), content);
  for (const [name, content] of Object.entries({ ...files, ...changes })) {
    if (content !== undefined) {
      write(name, content);
    }
  }
  const events: AgentEvent[] = [];
  const agent = createGraph({
    model: "offline",
    checkpointer: new MemorySaver(),
    today: "2030-03-15",
    data,
    workspace,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { agent, folder, data, workspace, events, write, refunds: () => readRefunds(workspace) };
}

const refundSchema = z.object({
  order: z.string(),
  cents: z.number(),
  reason: z.string(),
  made_on: z.string(),
  approved_by: z.string().nullable(),
});

/** The refunds that were made, in the order in which they were. */
export async function readRefunds(workspace: string) {
  const database = await openDatabase(join(workspace, "support.db"));
  try {
    return z
      .array(refundSchema)
      .parse(
        database
          .prepare('select "order", cents, reason, made_on, approved_by from refunds order by rowid')
          .all(),
      );
  } finally {
    database.close();
  }
}

/** A thread's config, with the user whom a server has authenticated, if one has. */
export function threadOf(id: string, user?: string) {
  const auth =
    user === undefined ? {} : { langgraph_auth_user_id: user, langgraph_auth_user: { identity: user } };
  return { configurable: { thread_id: id, ...auth } };
}
