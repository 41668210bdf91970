// A chat page as clients of LangGraph make it: useStream of the SDK, the stream modes and the form of a message that
// Agent Chat UI sends, its form of approval. It keeps each state of the screen, so that a test sees what a person saw.
import type { Message } from "@langchain/langgraph-sdk";
import { useStream } from "@langchain/langgraph-sdk/react";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

/** A message as it stood on the screen. */
interface Shown {
  readonly id: string;
  readonly type: string;
  readonly text: string;
}

/** What waits for a person, as Agent Chat UI reads it. */
interface Waiting {
  readonly action_requests: readonly { readonly name: string; readonly args: Record<string, unknown> }[];
}

declare global {
  interface Window {
    screens: Shown[][];
  }
}
window.screens = [];

const query = new URLSearchParams(window.location.search);

function Chat() {
  const [threadId, setThreadId] = useState<string | null>(null);
  const [text, setText] = useState("");
  const stream = useStream<{ messages: Message[] }, { InterruptType: Waiting }>({
    apiUrl: query.get("api") ?? "",
    assistantId: query.get("graph") ?? "",
    threadId,
    onThreadId: setThreadId,
    messagesKey: "messages",
    fetchStateHistory: true,
  });
  const shown = stream.messages.map((message) => ({
    id: message.id ?? "",
    type: message.type,
    text: textOf(message.content),
  }));
  const screen = JSON.stringify(shown);
  useEffect(() => {
    window.screens.push(JSON.parse(screen));
  }, [screen]);
  const options = { streamMode: ["values", "messages-tuple", "custom"] as const, streamSubgraphs: true };
  const send = () => {
    const content = [{ type: "text" as const, text }];
    void stream.submit(
      { messages: [{ id: crypto.randomUUID(), type: "human", content }] },
      { ...options, streamMode: [...options.streamMode] },
    );
    setText("");
  };
  const decide = (type: "approve" | "reject") => {
    const decisions = waiting.map(() => ({ type }));
    void stream.submit(undefined, {
      command: { resume: { decisions } },
      streamMode: [...options.streamMode],
    });
  };
  const waiting = stream.interrupt?.value?.action_requests ?? [];
  return (
    <main data-busy={stream.isLoading}>
      <ol>
        {shown.map(({ id, type, text: said }) => (
          <li key={id} data-type={type}>
            <pre>{said}</pre>
          </li>
        ))}
      </ol>
      {waiting.length > 0 && !stream.isLoading && (
        <section>
          {waiting.map(({ name, args }) => (
            <p key={JSON.stringify(args)}>
              {name} {JSON.stringify(args)}
            </p>
          ))}
          <button type="button" onClick={() => decide("approve")}>
            Approve
          </button>
          <button type="button" onClick={() => decide("reject")}>
            Reject
          </button>
        </section>
      )}
      <p role="alert">{stream.error === undefined ? "" : String(stream.error)}</p>
      <input aria-label="message" value={text} onChange={({ target }) => setText(target.value)} />
      <button type="button" onClick={send}>
        Send
      </button>
    </main>
  );
}

function textOf(content: Message["content"]): string {
  if (typeof content === "string") {
    return content;
  }
  return content.map((block) => ("text" in block ? block.text : "")).join("");
}

createRoot(document.body.appendChild(document.createElement("div"))).render(<Chat />);
