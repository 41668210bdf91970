// The routes that LangGraph's server gets beside its own, which langgraph.json names under `http`. Hono comes with the
// server. The server's auth has judged each request before it comes here, and says who sent it.
import { type Context, Hono, type Next } from "hono";
import { createPlanRoutes } from "langgraph-plan-execute";
import { listAgents } from "../graphs/agents.js";
import { graph as dataPipeline } from "../graphs/data-pipeline.js";
import { graph as finance } from "../graphs/finance.js";
import { graph as general } from "../graphs/general.js";
import { graph as research } from "../graphs/research.js";
import { graph as security } from "../graphs/security.js";
import { createOffer } from "../graphs/shared/offer-assistants.js";
import { graph as support } from "../graphs/support.js";

interface ServerVariables {
  readonly Variables: { readonly auth?: { readonly user: { readonly identity: string } } };
}

const answer = createPlanRoutes({
  graphs: { plan_execute: general, data_pipeline: dataPipeline, finance, research, security, support },
});

async function answerOrLeave(context: Context<ServerVariables>, next: Next): Promise<Response | undefined> {
  const response = await answer(context.req.raw, context.get("auth")?.user);
  if (response === undefined) {
    await next();
  }
  return response;
}

const offerAssistants = createOffer("agents", () => [...listAgents().keys()]);

/** What langgraph.json names. A request that is not for the plan goes on to the server. */
export const app = new Hono<ServerVariables>()
  .use("*", async (context, next) => {
    // A request of our own comes here too, and must not wait for itself.
    if (context.req.method !== "POST" || context.req.path !== "/assistants") {
      await offerAssistants(context.req.raw.headers);
    }
    await next();
  })
  .post("/threads/:thread_id/state", answerOrLeave)
  .post("/ui/:agent", answerOrLeave);
