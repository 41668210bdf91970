// Writes events to a thread until it is killed: `writing-process.ts <url> <thread>`.
import { createEventStream } from "../../src/streams/index.js";
import { token } from "./token.js";

const [url = "", threadId = ""] = process.argv.slice(2);
const stream = await createEventStream({ url });
for (let number = 0; ; number += 1) {
  await stream.write(token(threadId, `${number}`));
}
