export type { PastStep } from "./compose-answer.js";
export { OfflineChatModel } from "./offline-chat-model.js";
export type { Playbook, PlaybookMove, PlaybookRequest, PlaybookStep } from "./playbook.js";
