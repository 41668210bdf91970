// Pictures and files: LangChain's content blocks beside the words of a message.
import { type BaseMessage, HumanMessage, type MessageContent } from "@langchain/core/messages";
import { mapTexts } from "../base/index.js";
import { ModelError } from "./model-error.js";
import type { ResolvedModel } from "./resolve-model.js";
import { withoutTags } from "./tags.js";

/** A picture, a file, or whatever else is no text. */
export type Attachment = Exclude<MessageContent, string>[number];

/** The types of blocks that hold data, in LangChain's forms and in providers' own. */
const DATA = /^(?:image|audio|video|file|document|media|input_|text-plain)/;
const IMAGE = /^(?:image|input_image)/;

/** The attachments of a message. */
export function attachmentsIn({ content }: Pick<BaseMessage, "content">): Attachment[] {
  return typeof content === "string" ? [] : content.filter(({ type }) => DATA.test(type));
}

/** The text that a message holds as JSON, without its attachments. */
export function textBeside({ content }: Pick<BaseMessage, "content">): string {
  return typeof content === "string"
    ? content
    : JSON.stringify(content.filter(({ type }) => !DATA.test(type)));
}

/** A message of the prompt, with attachments after its text. What stands in them opens and closes none of our tags. */
export function messageWith(text: string, attachments: readonly Attachment[]): HumanMessage {
  if (attachments.length === 0) {
    return new HumanMessage(text);
  }
  const shown = attachments.map((block) => ({ ...block, ...Object(mapTexts(block, withoutTags)) }));
  return new HumanMessage({ content: [{ type: "text", text }, ...shown] });
}

/**
 * Fits messages to a model whose profile says that it takes no images. Those of earlier messages are left out. Throws a
 * `ModelError` if the last message has one.
 */
export function withTakenImages(
  messages: readonly BaseMessage[],
  { model, name }: ResolvedModel,
): readonly BaseMessage[] {
  const isImage = ({ type }: Attachment) => IMAGE.test(type);
  if (model.profile?.imageInputs !== false || !messages.some((one) => attachmentsIn(one).some(isImage))) {
    return messages;
  }
  const [last] = messages.slice(-1);
  if (last !== undefined && attachmentsIn(last).some(isImage)) {
    throw new ModelError(
      "MODEL_FAILED",
      `${name} takes no images: choose a model that does, or leave the image out.`,
    );
  }
  return messages.map((message) =>
    typeof message.content === "string" || message.getType() !== "human"
      ? message
      : new HumanMessage({
          id: message.id,
          content: message.content.map((block) =>
            isImage(block) ? { type: "text", text: "[an image]" } : block,
          ),
        }),
  );
}
