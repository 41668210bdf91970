import { randomBytes } from "node:crypto";
import { tool } from "@langchain/core/tools";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type CheckpointerOptions,
  createCheckpointer,
  createEncryptedSerializer,
  type OpenCheckpointer,
} from "../../src/checkpoint/index.js";
import { plannedAgent } from "../support/agent-run.js";
import { approve, decide, isWaiting } from "../support/approval.js";
import { toText } from "./large-values.js";

/** What encrypted checkpoints are tried on. */
export interface EncryptedContractOptions {
  readonly kind: string;
  /** The URL of an empty store, asked for before each test. */
  readonly url: () => string | Promise<string>;
  /** Everything that is kept, as text, decrypted by nobody. */
  readonly raw: (opened: OpenCheckpointer) => string | Promise<string>;
  /** Whether what was kept is there again after closing and opening. */
  readonly survivesClosing: boolean;
}

const goal = "Find out about Zanzibar";
const output = toText("Quetzalcoatlus");
const steps = [
  { id: "look", tool: "look", args: { at: "Xylophone" } },
  { id: "act", tool: "act", args: { with: "{{look}}" } },
];
const words = ["Zanzibar", "Quetzalcoatlus", "Xylophone", "Yggdrasil"];
const thread = { configurable: { thread_id: "1" } };
const oldKey = { id: "2026a", key: randomBytes(32) };
const newKey = { id: "2026b", key: randomBytes(32) };
const before = createEncryptedSerializer({ keys: [oldKey] });
const rotated = createEncryptedSerializer({ keys: [newKey, oldKey] });
const after = createEncryptedSerializer({ keys: [newKey] });

/** What holds of a real run whose checkpoints are encrypted, whatever keeps them. */
export function describeEncrypted({ kind, url, raw, survivesClosing }: EncryptedContractOptions): void {
  describe(`encrypted checkpoints, on ${kind}`, () => {
    let opened: OpenCheckpointer | undefined;
    const open = async (address: string, options: CheckpointerOptions) => {
      if (survivesClosing || opened === undefined) {
        await opened?.close();
        opened = await createCheckpointer(address, options);
      } else if (options.serializer !== undefined) {
        opened.checkpointer.serde = options.serializer;
      }
      return { opened, agent: agentOn(opened) };
    };
    afterEach(async () => {
      await opened?.close();
      opened = undefined;
    });

    it("hold none of the words of the run, which are all there without encryption", async () => {
      const plain = await open(await url(), {});
      await run(plain.agent);
      const readable = await raw(plain.opened);
      for (const word of words) {
        expect(readable).toContain(word);
      }
      await plain.opened.close();
      opened = undefined;

      const encrypted = await open(await url(), { serializer: before });
      expect((await run(encrypted.agent)).response).toBe("the answer: Yggdrasil");
      const kept = await raw(encrypted.opened);
      expect(kept).toContain("2026a");
      for (const word of words) {
        expect(kept).not.toContain(word);
      }
    });

    it("are gone on with from a request for a person, and for another turn, when the keys were rotated", async () => {
      const address = await url();
      const first = await open(address, { serializer: before });
      expect(isWaiting(await first.agent.invoke({ input: goal }, thread))).toBe(true);

      const second = await open(address, { serializer: rotated });
      const done = await second.agent.invoke(decide(approve), thread);
      expect(done).toMatchObject({ status: "done", response: "the answer: Yggdrasil" });
      expect((await run(second.agent)).status).toBe("done");
      expect((await second.agent.getState(thread)).metadata).toMatchObject({ source: "loop" });
      expect(await raw(second.opened)).toContain("2026b");
    });

    it("are refused where the key is unknown, or another one", async () => {
      const address = await url();
      await run((await open(address, { serializer: before })).agent);
      const impostor = createEncryptedSerializer({ keys: [{ id: "2026a", key: randomBytes(32) }] });
      for (const serializer of [after, impostor]) {
        const { agent } = await open(address, { serializer });
        await expect(agent.getState(thread)).rejects.toMatchObject({ code: "CANNOT_DECRYPT" });
        await expect(agent.invoke({ input: goal }, thread)).rejects.toMatchObject({ code: "CANNOT_DECRYPT" });
      }
    });

    it("are switched on for a thread that was there before, if plaintext is accepted", async () => {
      const address = await url();
      await run((await open(address, {})).agent);
      const strict = await open(address, { serializer: after });
      await expect(strict.agent.invoke({ input: goal }, thread)).rejects.toMatchObject({
        code: "NOT_ENCRYPTED",
      });
      const serializer = createEncryptedSerializer({ keys: [newKey], acceptPlaintext: true });
      const lenient = await open(address, { serializer });
      expect((await run(lenient.agent)).messages.length).toBeGreaterThan(2);
    });
  });
}

function agentOn({ checkpointer }: OpenCheckpointer) {
  const look = tool(() => output, {
    name: "look",
    description: "looks",
    schema: z.object({ at: z.string() }),
    metadata: { readOnly: true },
  });
  const act = tool(() => "acted", {
    name: "act",
    description: "acts",
    schema: z.object({ with: z.string() }),
  });
  return plannedAgent(
    steps,
    { tools: [look, act], checkpointer, approval: { tools: { act: true } } },
    { replanner: "the answer: Yggdrasil" },
  ).agent;
}

async function run(agent: ReturnType<typeof agentOn>) {
  await agent.invoke({ input: goal }, thread);
  return agent.invoke(decide(approve), thread);
}
