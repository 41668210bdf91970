import { tool } from "@langchain/core/tools";
import { InMemoryStore, type LangGraphRunnableConfig, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Requester, requesterOf, userNamespace } from "../../src/index.js";
import { echo, plannedAgent } from "../support/agent-run.js";

/** The keys that LangGraph's server writes for a user. */
const signedIn = (identity: string, permissions: readonly string[] = []) => ({
  langgraph_auth_user_id: identity,
  langgraph_auth_user: { identity, permissions, is_authenticated: true },
});
const echoStep = (id: string, value: string) => ({ id, tool: "echo", args: { value } });

describe("who a run works for", () => {
  it("is told to every policy and check, and to whoever follows the events", async () => {
    const asked: (readonly [string, Requester])[] = [];
    const told = (what: string, requester: Requester) => {
      asked.push([what, requester]);
      return false;
    };
    const { agent, events } = plannedAgent([echoStep("a", "1"), { ...echoStep("b", "{{a}}") }], {
      tools: [echo],
      checkpointer: new MemorySaver(),
      approval: {
        plan: (_plan, requester) => told("plan", requester),
        tools: { echo: { when: (_args, requester) => told("tool", requester) } },
      },
      replanner: { when: (_progress, requester) => told("replan", requester) },
      executor: {
        checkOutput: {
          echo: (_output, _call, requester) => (told("output", requester) ? "" : undefined),
        },
      },
    });
    await agent.invoke({ input: "go" }, { configurable: { thread_id: "t", ...signedIn("ann", ["staff"]) } });
    expect(new Set(asked.map(([what]) => what))).toEqual(new Set(["plan", "tool", "replan", "output"]));
    for (const [, requester] of asked) {
      expect(requester).toMatchObject({ userId: "ann", threadId: "t", user: { permissions: ["staff"] } });
    }
    expect(new Set(events.map(({ userId }) => userId))).toEqual(new Set(["ann"]));
  });

  it("decides whether a call waits: the same plan, a guest and one of the staff", async () => {
    const rule = {
      when: (_args: unknown, { user }: Requester) =>
        !z
          .object({ permissions: z.array(z.string()) })
          .parse(user)
          .permissions.includes("staff"),
    };
    const statusFor = async (...permissions: readonly string[]) => {
      const { agent } = plannedAgent([echoStep("a", "1")], {
        tools: [echo],
        checkpointer: new MemorySaver(),
        approval: { tools: { echo: rule } },
      });
      const configurable = { thread_id: "t", ...signedIn("ann", permissions) };
      return (await agent.invoke({ input: "go" }, { configurable })).status;
    };
    expect(await statusFor()).toBe("waiting");
    expect(await statusFor("staff")).toBe("done");
  });

  it("reaches tools, whose entries in a store are kept apart by user", async () => {
    const store = new InMemoryStore();
    const remember = tool(
      async ({ what }, config: LangGraphRunnableConfig) => {
        const place = userNamespace(config, "notes");
        await config.store?.put(place, what, { what });
        const found = (await config.store?.search(place)) ?? [];
        return found.map(({ key }) => key);
      },
      { name: "remember", description: "Keeps a note", schema: z.object({ what: z.string() }) },
    );
    const notesOf = async (userId: string | undefined, what: string) => {
      const { agent } = plannedAgent([{ id: "a", tool: "remember", args: { what } }], {
        tools: [remember],
        store,
      });
      const configurable = userId === undefined ? {} : signedIn(userId);
      const { pastSteps } = await agent.invoke({ input: "go" }, { configurable });
      return pastSteps[0]?.output;
    };
    expect(await notesOf("ann", "one")).toEqual(["one"]);
    expect(await notesOf("ann/x", "two")).toEqual(["two"]);
    expect(await notesOf(undefined, "three")).toEqual(["three"]);
    expect(await notesOf("ann", "four")).toEqual(["one", "four"]);
  });

  it("is nobody where nothing was authenticated", () => {
    expect(requesterOf({ configurable: { langgraph_auth_user: "ann", thread_id: 7 } })).toEqual({});
    const anybody = { identity: "anybody", is_authenticated: false };
    const configurable = { langgraph_auth_user_id: "anybody", langgraph_auth_user: anybody };
    expect(requesterOf({ configurable }).userId).toBeUndefined();
    expect(userNamespace({})).not.toEqual(userNamespace({ configurable: signedIn("!") }));
  });
});
