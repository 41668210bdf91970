import type { EventSink } from "../events/index.js";
import { requirePackage } from "../langgraph/index.js";
import { createMetering } from "./metering.js";
import { OPERATION, STATUS } from "./names.js";
import {
  type Context,
  isMeterSource,
  isOpenTelemetry,
  isTracerSource,
  type Link,
  type OpenTelemetry,
  type SpanContext,
} from "./open-telemetry.js";
import { RunSpans } from "./run-spans.js";

/** Where spans and metrics go. */
export interface TelemetryOptions {
  /** @default the global one, which an OpenTelemetry SDK registers */
  readonly tracerProvider?: object;
  /** @default the global one */
  readonly meterProvider?: object;
}

const SCOPE = "langgraph-plan-execute";
/** The version, trace, span and flags of a trace's context, as W3C writes it. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
/** How many turns have their steps remembered, for links from steps of later runs, and how many runs their end awaited. */
const MAX_TURNS = 1_000;

/**
 * Creates a sink that tells OpenTelemetry what a run does, by the GenAI conventions. Without `@opentelemetry/api` it does
 * nothing. Arguments, outputs and prompts are not told.
 */
export function createTelemetry(options: TelemetryOptions = {}): EventSink {
  const api = requirePackage("@opentelemetry/api");
  return isOpenTelemetry(api) ? createSink(api, options) : { name: "telemetry", write: () => {} };
}

function createSink(api: OpenTelemetry, { tracerProvider, meterProvider }: TelemetryOptions): EventSink {
  const { context, trace, metrics } = api;
  const tracer = (isTracerSource(tracerProvider) ? tracerProvider : trace).getTracer(SCOPE);
  const metering = createMetering((isMeterSource(meterProvider) ? meterProvider : metrics).getMeter(SCOPE));
  const runs = new Map<string, RunSpans>();
  const turns = new Map<string, Map<string, SpanContext>>();
  /** Runs whose readers left before the last event. They end with that event. */
  const left = new Set<string>();
  const begun = new Map<string, { readonly parent: Context; readonly links: Link[] }>();

  function stepsOf(turnId: string): Map<string, SpanContext> {
    const steps = turns.get(turnId) ?? new Map<string, SpanContext>();
    turns.delete(turnId);
    turns.set(turnId, steps);
    const [oldest] = turns.keys();
    if (turns.size > MAX_TURNS && oldest !== undefined) {
      turns.delete(oldest);
    }
    return steps;
  }

  function runOf(runId: string, turnId: string): RunSpans {
    const { parent, links } = begun.get(runId) ?? { parent: context.active(), links: [] };
    const run =
      runs.get(runId) ??
      new RunSpans({
        tracer,
        within: (outer, span) => trace.setSpan(outer, span),
        parent,
        links,
        steps: stepsOf(turnId),
      });
    runs.set(runId, run);
    return run;
  }

  function endRun(runId: string): void {
    const run = runs.get(runId);
    runs.delete(runId);
    begun.delete(runId);
    left.delete(runId);
    if (run !== undefined) {
      metering.agentEnded(run.durationMs, { [OPERATION]: "invoke_agent", [STATUS]: run.status });
      run.end();
    }
  }

  return {
    name: "telemetry",
    begin(runId, traceparent) {
      const active = context.active();
      const first = toSpanContext(traceparent);
      // Who invokes the run is its parent. Otherwise it belongs to the trace of the turn's first run.
      const isInvoked = trace.getSpanContext(active) !== undefined;
      const parent = first === undefined || isInvoked ? active : trace.setSpanContext(active, first);
      begun.set(runId, { parent, links: first === undefined || !isInvoked ? [] : [{ context: first }] });
    },
    write(event) {
      const { runId, turnId, type } = event;
      metering.record(event);
      // This event comes after the run's end.
      if (type === "sink.failed") {
        return;
      }
      const run = runOf(runId, turnId);
      run.take(event);
      if (run.isOver && left.has(runId)) {
        endRun(runId);
      }
    },
    within(runId, eventId, work) {
      const span = runs.get(runId)?.contextOf(eventId);
      return span === undefined ? work() : context.with(span, work);
    },
    traceparent(runId) {
      const span = runs.get(runId)?.root?.spanContext();
      return span && `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
    },
    flush(runId) {
      const run = runs.get(runId);
      if (run === undefined || run.isOver) {
        endRun(runId);
        return;
      }
      left.add(runId);
      const [oldest] = left;
      if (left.size > MAX_TURNS && oldest !== undefined) {
        endRun(oldest);
      }
    },
  };
}

function toSpanContext(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  return traceId === undefined || spanId === undefined || flags === undefined
    ? undefined
    : { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
