// Owns: a chat model that plans by rules, so that everything runs without a key.
// Gives: `OfflineChatModel`.
// Does not touch: anything but messages: it sees what any model sees.
export type { PastStep } from "./compose-answer.js";
export { OfflineChatModel } from "./offline-chat-model.js";
export type { Playbook, PlaybookMove, PlaybookRequest, PlaybookStep } from "./playbook.js";
