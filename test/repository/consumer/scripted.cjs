/** A chat model of the program's own copy of LangChain. It streams what its script says: text, or calls of tools. */
exports.createScripted = (load, script) => {
  const { BaseChatModel } = load("@langchain/core/language_models/chat_models");
  const { AIMessageChunk } = load("@langchain/core/messages");
  const { ChatGenerationChunk } = load("@langchain/core/outputs");

  class Scripted extends BaseChatModel {
    constructor(tools = []) {
      super({});
      this.tools = tools;
    }

    _llmType() {
      return "scripted";
    }

    bindTools(tools) {
      return new Scripted(tools.map((tool) => tool.name ?? tool.function.name));
    }

    async _generate(messages) {
      let message;
      for await (const { message: piece } of this._streamResponseChunks(messages)) {
        message = message === undefined ? piece : message.concat(piece);
      }
      return { generations: [{ text: message.text, message }] };
    }

    async *_streamResponseChunks(messages, _options, manager) {
      for await (const fields of piecesOf(await script(this.tools, messages))) {
        const message = new AIMessageChunk(fields);
        const chunk = new ChatGenerationChunk({ text: message.text, message });
        yield chunk;
        await manager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
      }
    }
  }
  return new Scripted();
};

/** The fields of each piece of a message: words of a text, a call whole, or the pieces of a call's arguments. */
async function* piecesOf(said) {
  if (typeof said === "string") {
    for (const content of said.split(/(?<= )/)) {
      yield { content };
    }
    return;
  }
  const { name, args, pieces = [JSON.stringify(args)] } = said;
  let head = { name, id: "call_1" };
  for await (const piece of pieces) {
    yield { content: "", tool_call_chunks: [{ ...head, index: 0, args: piece, type: "tool_call_chunk" }] };
    head = {};
  }
}
