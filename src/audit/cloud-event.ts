// Events in two forms that other programs know: CloudEvents 1.0 for the envelope, and the Open Cybersecurity Schema
// Framework (OCSF) for what is in it. A call of a tool or a model is OCSF's API Activity. OCSF has no class for the
// other events that collectors know, so they are its Base Event. What OCSF has no field for stands in `unmapped`.
import type { JsonValue } from "../base/index.js";
import type { AgentEvent } from "../events/index.js";

const OCSF_VERSION = "1.3.0";
const PRODUCT = { name: "langgraph-plan-execute", vendor_name: "langgraph-plan-execute" };
/** OCSF's numbers: category 6 is Application Activity, class 6003 API Activity, activity 99 another than it names. */
const API_ACTIVITY = {
  category_uid: 6,
  category_name: "Application Activity",
  class_uid: 6003,
  class_name: "API Activity",
};
const BASE_EVENT = {
  category_uid: 0,
  category_name: "Uncategorized",
  class_uid: 0,
  class_name: "Base Event",
};
const OTHER = 99;
const SEVERITY = { informational: 1, medium: 3 } as const;
const STATUS = { unknown: 0, success: 1, failure: 2 } as const;

/** An event in the form of OCSF. */
export interface OcsfEvent {
  readonly category_uid: number;
  readonly category_name: string;
  readonly class_uid: number;
  readonly class_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly severity_id: number;
  readonly status_id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly message?: string;
  /** Milliseconds. */
  readonly duration?: number;
  readonly metadata: {
    readonly version: string;
    readonly product: typeof PRODUCT;
    readonly uid: string;
    readonly sequence: number;
    readonly correlation_uid: string;
  };
  readonly actor?: { readonly user?: { readonly uid: string }; readonly app_name: string };
  readonly api?: {
    readonly operation: string;
    readonly service: { readonly name: string };
    readonly request: { readonly uid: string };
  };
  readonly src_endpoint?: { readonly svc_name: string };
  readonly unmapped: Readonly<Record<string, JsonValue>>;
}

/** An event in the form of CloudEvents 1.0, as JSON. */
export interface AgentCloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly datacontenttype: "application/json";
  /** CloudEvents' extension of this name. As text it sorts like the numbers. */
  readonly sequence: string;
  readonly data: OcsfEvent;
}

/** Turns an event into OCSF's form. */
export function toOcsfEvent(event: AgentEvent): OcsfEvent {
  const { id, seq, at, type, turnId, userId } = event;
  const call = callIn(event);
  const kind = call === undefined ? BASE_EVENT : API_ACTIVITY;
  const failed = hasFailed(event);
  return {
    ...kind,
    activity_id: OTHER,
    activity_name: type,
    type_uid: kind.class_uid * 100 + OTHER,
    severity_id: failed ? SEVERITY.medium : SEVERITY.informational,
    status_id: failed === undefined ? STATUS.unknown : failed ? STATUS.failure : STATUS.success,
    time: Date.parse(at),
    ...("durationMs" in event ? { duration: Math.round(event.durationMs) } : {}),
    metadata: { version: OCSF_VERSION, product: PRODUCT, uid: id, sequence: seq, correlation_uid: turnId },
    ...(call === undefined ? {} : { ...call, src_endpoint: { svc_name: PRODUCT.name } }),
    ...(call === undefined && userId === undefined
      ? {}
      : { actor: { app_name: PRODUCT.name, ...(userId === undefined ? {} : { user: { uid: userId } }) } }),
    unmapped: toUnmapped(event),
  };
}

/** Turns an event into a CloudEvent whose data has OCSF's form. `source` names the agent, as a URI reference. */
export function toCloudEvent(event: AgentEvent, source = "/langgraph-plan-execute"): AgentCloudEvent {
  const { id, type, at, seq, turnId, threadId } = event;
  const part =
    "stepId" in event && event.stepId !== undefined ? `/steps/${encodeURIComponent(event.stepId)}` : "";
  return {
    specversion: "1.0",
    id,
    source: threadId === undefined ? source : `${source}/threads/${encodeURIComponent(threadId)}`,
    type: `langgraph-plan-execute.${type}`,
    time: at,
    subject: `turns/${turnId}${part}`,
    datacontenttype: "application/json",
    sequence: String(seq).padStart(10, "0"),
    data: toOcsfEvent(event),
  };
}

/** The call that an event tells of, as OCSF's `api`. */
function callIn(event: AgentEvent): Pick<OcsfEvent, "api"> | undefined {
  switch (event.type) {
    case "tool.called":
      return toApi(event.tool, "tool", event.id);
    case "tool.returned":
    case "tool.left-behind":
      return toApi(event.tool, "tool", event.call ?? event.id);
    case "model.called":
      return toApi("chat", event.model, event.id);
    case "model.returned":
      return toApi("chat", event.model, event.call);
    default:
      return undefined;
  }
}

function toApi(operation: string, service: string, request: string): Pick<OcsfEvent, "api"> {
  return { api: { operation, service: { name: service }, request: { uid: request } } };
}

/** Whether the action of an event failed; undefined if it has not ended, or cannot fail. */
function hasFailed(event: AgentEvent): boolean | undefined {
  switch (event.type) {
    case "tool.returned":
      return event.status === "asks" ? undefined : event.status === "failed";
    case "step.ended":
      return event.status !== "done" && event.status !== "skipped";
    case "model.returned":
      return event.error !== undefined;
    case "agent.completed":
      return event.status !== "done";
    case "agent.failed":
    case "agent.cancelled":
    case "tool.left-behind":
    case "journal.failed":
    case "policy.failed":
    case "sink.failed":
      return true;
    default:
      return undefined;
  }
}

/** The parts of an event that OCSF has no field for. */
function toUnmapped(event: AgentEvent): Record<string, JsonValue> {
  const plain: Record<string, JsonValue> = JSON.parse(JSON.stringify(event));
  const { id: _id, seq: _seq, at: _at, type: _type, userId: _user, durationMs: _duration, ...others } = plain;
  return others;
}
