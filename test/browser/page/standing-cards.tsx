// Plan cards that stand still, in a page that has no server: what the cards show stands in the page as JSON.
import { useStream } from "@langchain/langgraph-sdk/react";
import { LoadExternalComponent } from "@langchain/langgraph-sdk/react-ui";
import type { PlanCardProps } from "langgraph-plan-execute";
import { createRoot } from "react-dom/client";
import components from "../../../ui/plan-card.js";

const cards: PlanCardProps[] = JSON.parse(document.querySelector("#cards")?.textContent ?? "[]");

function Cards() {
  const stream = useStream<Record<string, unknown>>({
    apiUrl: window.location.origin,
    assistantId: "none",
    initialValues: { turn: { id: cards[0]?.turnId } },
  });
  return cards.map((props, index) => {
    const message = { type: "ui" as const, id: String(index), name: "plan", props: { ...props } };
    return (
      <LoadExternalComponent
        key={message.id}
        stream={stream}
        message={message}
        components={{ plan: () => <components.plan {...props} /> }}
      />
    );
  });
}

createRoot(document.body.appendChild(document.createElement("main"))).render(<Cards />);
