// Owns: every use of what LangChain's packages do not document: surroundings, handlers, tools, models, completions.
// Gives: a documented function for each use.
// Does not touch: LangGraph's runs and savers.
export { changingOutput, type InvokableTool } from "./catch-output.js";
export { isInstalledForLangChain, loadChatModel, modelBehind } from "./load-model.js";
export { type Callbacks, withMessageStream, withoutMessageStream } from "./message-stream.js";
export { createOpenAiCompletions } from "./openai-completions.js";
export { ownOutputLimit, takesOutputLimit, withOutputLimit } from "./output-limit.js";
export { withoutOwnRetries } from "./own-retries.js";
export { isLocalModelServer, serverOf } from "./server-of.js";
export { holdServerProcess, watchServerProcess } from "./server-process.js";
export { callbacksHere, keepSurroundings, runDetached } from "./surroundings.js";
export { questionIn } from "./tool-questions.js";
export { withVariety } from "./with-setting.js";
