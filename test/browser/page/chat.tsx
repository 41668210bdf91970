// A chat page as clients of LangGraph make it: useStream of the SDK, the stream modes and the form of a message that
// Agent Chat UI sends, its form of approval, and its way of showing components. It keeps each state of the screen, so that
// a test sees what a person saw. Its address says whether it is set up as docs/chat.md says (`set`): then it joins a run
// again after a reload, and a message ends the run that goes on.
import type { Message } from "@langchain/langgraph-sdk";
import { useStream } from "@langchain/langgraph-sdk/react";
import {
  isRemoveUIMessage,
  isUIMessage,
  LoadExternalComponent,
  type RemoveUIMessage,
  type UIMessage,
  uiMessageReducer,
} from "@langchain/langgraph-sdk/react-ui";
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
    /** What was rendered. A person sees of it what was there when a frame was painted. */
    screens: Shown[][];
    /** How many messages each frame showed. */
    painted: number[];
  }
}
window.screens = [];
window.painted = [];
function countPainted(): void {
  window.painted.push(document.querySelectorAll("li").length);
  requestAnimationFrame(countPainted);
}
countPainted();

const query = new URLSearchParams(window.location.search);
const isSet = query.has("set");
const settings = isSet
  ? ({ multitaskStrategy: "interrupt", streamResumable: true, onDisconnect: "continue" } as const)
  : {};

function Chat() {
  const [threadId, setThreadId] = useState<string | null>(query.get("thread"));
  const [text, setText] = useState("");
  const stream = useStream<
    Record<string, unknown>,
    { InterruptType: Waiting; CustomEventType: UIMessage | RemoveUIMessage }
  >({
    apiUrl: query.get("api") ?? "",
    assistantId: query.get("graph") ?? "",
    threadId,
    onThreadId: (id) => {
      setThreadId(id);
      query.set("thread", id);
      window.history.replaceState(null, "", `?${query}`);
    },
    reconnectOnMount: isSet,
    onCustomEvent: (event, { mutate }) => {
      if (isUIMessage(event) || isRemoveUIMessage(event)) {
        mutate((values) => ({ ...values, ui: uiMessageReducer(componentsIn(values), event) }));
      }
    },
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
      { ...options, ...settings, streamMode: [...options.streamMode] },
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
            {componentsIn(stream.values)
              .filter(({ metadata }) => metadata?.message_id === id)
              .map((ui) => (
                <LoadExternalComponent key={ui.id} stream={stream} message={ui} />
              ))}
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
      <button type="button" onClick={() => void stream.stop()}>
        Stop
      </button>
    </main>
  );
}

function componentsIn({ ui }: Record<string, unknown>): UIMessage[] {
  return Array.isArray(ui) ? ui.filter(isUIMessage) : [];
}

function textOf(content: Message["content"]): string {
  if (typeof content === "string") {
    return content;
  }
  return content.map((block) => ("text" in block ? block.text : "")).join("");
}

createRoot(document.body.appendChild(document.createElement("div"))).render(<Chat />);
