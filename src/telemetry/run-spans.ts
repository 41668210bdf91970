// The spans of one run, made from its events:
//
//   invoke_agent            the run: one invocation of the turn
//     plan                  making a plan or a new remainder
//       chat                a model call
//     step                  a step, or an item of a for-each step, with links to the steps that it depends on
//       chat, execute_tool
//     chat                  the closing call
//
// A step that began while the plan was written has its span from the first call on. What is open when the run ends, ends
// with it: a step that waits for a person goes on in the next run's spans.
import type { AgentEvent } from "../events/index.js";
import { OTHER_ERROR } from "./metering.js";
import { ERROR_TYPE, KINDS, NODE_ID, OPERATION, PLAN_VERSION, STATUS, STEP, STEP_STATUS } from "./names.js";
import type { Attributes, Context, Link, Span, SpanContext, Tracer } from "./open-telemetry.js";
import { ofChat, ofRun, ofStep, ofTool, ofUsage } from "./span-attributes.js";

/** The status of a run whose last event has not come. */
const RUNNING = "running";
/** OpenTelemetry's codes, which are an enum: internal and client spans, and the status of an error. */
const INTERNAL = 0;
const CLIENT = 2;
const FAILED = 2;

/** What the spans of a run need. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Makes a context in which a span is the active one. */
  readonly within: (parent: Context, span: Span) => Context;
  /** The context that the run began in. */
  readonly parent: Context;
  /** The first run of the turn, if this one goes on with it in another trace. */
  readonly links: Link[];
  /** The steps' spans of the whole turn, as far as this process saw them. */
  readonly steps: Map<string, SpanContext>;
}

interface Open {
  readonly span: Span;
  readonly context: Context;
}

/** The spans of one run. */
export class RunSpans {
  readonly #tracing: Tracing;
  readonly #calls = new Map<string, Open>();
  readonly #steps = new Map<string, Open>();
  #root: Open | undefined;
  #plan: Open | undefined;
  /** How the run ended, as far as its events say. */
  status = RUNNING;
  /** The time of the last event, at which what is open ends. */
  #last = new Date(0);
  #begun = 0;

  constructor(tracing: Tracing) {
    this.#tracing = tracing;
  }

  /** The run's own span, if it has begun. */
  get root(): Span | undefined {
    return this.#root?.span;
  }

  /** Whether the run's last event has arrived. */
  get isOver(): boolean {
    return this.status !== RUNNING;
  }

  /** The run's duration, by the times of its events. */
  get durationMs(): number {
    return this.#last.getTime() - this.#begun;
  }

  /** The context of the span that an event began. */
  contextOf(eventId: string): Context | undefined {
    return this.#calls.get(eventId)?.context;
  }

  take(event: AgentEvent): void {
    const at = new Date(event.at);
    this.#last = at.getTime() > this.#last.getTime() ? at : this.#last;
    const isFirst = this.#root === undefined;
    const root = this.#beginRoot(event, at);
    switch (event.type) {
      case "agent.steered":
        // Between runs nothing else happens.
        if (isFirst) {
          this.#endAs("steered", root);
        }
        break;
      case "approval.asked":
        this.#endAs("waiting", root);
        break;
      case "agent.started":
      case "replanning":
        this.#beginPlan(root, at);
        break;
      case "plan.generated":
        this.#plan?.span.setAttribute(PLAN_VERSION, event.version);
        this.#endPlan(at);
        break;
      case "step.started": {
        const { span } = this.#stepOf(event.stepId, root, at);
        span.setAttributes(ofStep(event));
        const { dependsOn = [] } = event;
        const links = dependsOn.flatMap((id) => this.#tracing.steps.get(id) ?? []);
        span.addLinks?.(links.map((context) => ({ context })));
        break;
      }
      case "step.ended":
        if (!event.replayed) {
          this.#endStep(event, at);
        }
        break;
      case "tool.called": {
        const step = this.#stepOf(event.stepId, root, at);
        this.#begin(event.id, `execute_tool ${event.tool}`, INTERNAL, step, at, ofTool(event));
        break;
      }
      case "tool.returned":
        this.#end(event.call, at, event.error && { [ERROR_TYPE]: event.error.code });
        break;
      case "tool.left-behind":
        this.#end(event.call ?? "", at, { [ERROR_TYPE]: "left_behind" });
        break;
      case "model.called":
        this.#beginChat(event, root, at);
        break;
      case "model.returned":
        this.#endChat(event, at);
        break;
      case "agent.completed":
        this.#endAs(event.status, root);
        break;
      case "agent.failed":
        this.#endAs("failed", root);
        root.span.setAttributes(OTHER_ERROR).setStatus({ code: FAILED, message: event.reason });
        break;
      case "agent.cancelled":
        this.#endAs("cancelled", root);
        break;
      default:
        break;
    }
  }

  /** Ends everything that is open. */
  end(): void {
    const open = [...this.#calls.values(), ...this.#steps.values(), this.#plan, this.#root];
    for (const one of open) {
      one?.span.end(this.#last);
    }
    this.#calls.clear();
    this.#steps.clear();
    this.#plan = undefined;
    this.#root = undefined;
  }

  #endAs(status: string, { span }: Open): void {
    this.status = status;
    span.setAttribute(STATUS, status);
  }

  #start(
    name: string,
    kind: number,
    parent: Context,
    startTime: Date,
    attributes: Attributes,
    links: Link[] = [],
  ): Open {
    const { tracer, within } = this.#tracing;
    const span = tracer.startSpan(name, { kind, startTime, attributes, links }, parent);
    return { span, context: within(parent, span) };
  }

  #beginRoot(event: AgentEvent, at: Date): Open {
    if (this.#root === undefined) {
      const { parent, links } = this.#tracing;
      this.#begun = at.getTime();
      this.#root = this.#start("invoke_agent plan-execute", INTERNAL, parent, at, ofRun(event), links);
    }
    return this.#root;
  }

  #beginPlan(root: Open, at: Date): void {
    this.#endPlan(at);
    const name = "plan plan-execute";
    this.#plan = this.#start(name, INTERNAL, root.context, at, { ...KINDS.chain, [OPERATION]: "plan" });
  }

  #endPlan(at: Date): void {
    this.#plan?.span.end(at);
    this.#plan = undefined;
  }

  #stepOf(stepId: string, root: Open, at: Date): Open {
    const open = this.#steps.get(stepId);
    if (open !== undefined) {
      return open;
    }
    const begun = this.#start(`step ${stepId}`, INTERNAL, root.context, at, {
      ...KINDS.chain,
      [STEP]: stepId,
      [NODE_ID]: stepId,
    });
    this.#steps.set(stepId, begun);
    this.#tracing.steps.set(stepId, begun.span.spanContext());
    return begun;
  }

  #endStep({ stepId, status, error }: Extract<AgentEvent, { type: "step.ended" }>, at: Date): void {
    // A step that was skipped never began.
    const open = this.#steps.get(stepId);
    this.#steps.delete(stepId);
    open?.span.setAttribute(STEP_STATUS, status);
    if (error !== undefined) {
      open?.span.setAttribute(ERROR_TYPE, error.code).setStatus({ code: FAILED, message: error.message });
    }
    open?.span.end(at);
  }

  #beginChat(event: Extract<AgentEvent, { type: "model.called" }>, root: Open, at: Date): void {
    const { id, role, stepId, model } = event;
    const ofPlan = role === "planner" || role === "replanner" ? this.#plan : undefined;
    const parent = stepId === undefined ? (ofPlan ?? root) : this.#stepOf(stepId, root, at);
    this.#begin(id, `chat ${model}`, CLIENT, parent, at, ofChat(event));
  }

  #endChat(event: Extract<AgentEvent, { type: "model.returned" }>, at: Date): void {
    const { call, error } = event;
    this.#calls.get(call)?.span.setAttributes(ofUsage(event));
    this.#end(call, at, error === undefined ? undefined : OTHER_ERROR, error);
  }

  #begin(id: string, name: string, kind: number, parent: Open, at: Date, attributes: Attributes): void {
    this.#calls.set(id, this.#start(name, kind, parent.context, at, attributes));
  }

  #end(id: string, at: Date, failed: Attributes | undefined, message?: string): void {
    const open = this.#calls.get(id);
    this.#calls.delete(id);
    if (failed !== undefined) {
      open?.span.setAttributes(failed).setStatus({ code: FAILED, message });
    }
    open?.span.end(at);
  }
}
