export { OfflineChatModel } from "./offline-chat-model.js";
