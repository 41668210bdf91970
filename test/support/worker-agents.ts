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
  const task = messages.map(({ text }) => text).join("\n");
  const [, who = "nobody"] = /"output":"(\w+)"/.exec(task) ?? /charge (\w+)/.exec(task) ?? [];
  return [{ name: "charge", args: { who } }];
};

/** An agent of LangChain whose charges wait for a person. */
export function chargingWorker(journal: Journal = createJournal(), script: Script = chargesOnce) {
  const model = new ScriptedModel(script);
  const tools = [journalTool(journal)];
  const agent = createAgent({
    model,
    tools,
    middleware: [humanInTheLoopMiddleware({ interruptOn: { charge: true } })],
  });
  return { agent, model, journal, tools };
}

/** An agent that answers with a text, and the model that it asks. */
export function talkingWorker(script: Script) {
  const model = new ScriptedModel(script);
  return { model, agent: createAgent({ model, tools: [] }) };
}
