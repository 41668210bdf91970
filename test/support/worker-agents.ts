import { createAgent, humanInTheLoopMiddleware } from "langchain";
import { journalTool } from "./agent-run.js";
import { createJournal, type Journal } from "./deferred.js";
import { type Script, ScriptedModel } from "./scripted-model.js";

/** A step for a worker. */
export const workerStep = (
  id: string,
  worker: string,
  description = `work as ${id}`,
  dependsOn: string[] = [],
) => ({
  id,
  description,
  worker,
  dependsOn,
});

/** A model that charges whom its task names ("charge Ann"), and then says what the tool gave. */
export const chargesOnce: Script = (messages) => {
  const last = messages.at(-1);
  if (last?.getType() === "tool") {
    return `told: ${last.text}`;
  }
  const [, who = "nobody"] = /charge (\w+)/.exec(messages.map(({ text }) => text).join("\n")) ?? [];
  return [{ name: "charge", args: { who } }];
};

/** An agent of LangChain whose charges wait for a person. */
export function chargingWorker(journal: Journal = createJournal(), script: Script = chargesOnce) {
  const model = new ScriptedModel(script);
  const agent = createAgent({
    model,
    tools: [journalTool(journal)],
    middleware: [humanInTheLoopMiddleware({ interruptOn: { charge: true } })],
  });
  return { agent, model, journal };
}

/** An agent that answers with a text, and the model that it asks. */
export function talkingWorker(script: Script) {
  const model = new ScriptedModel(script);
  return { model, agent: createAgent({ model, tools: [] }) };
}
