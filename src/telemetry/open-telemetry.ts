// What we use of `@opentelemetry/api`. Its own types cannot be imported: a program that has not installed it could not
// read ours then.

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean;
}

/** The place in a trace that work is done at. Only the API looks into it. */
export interface Context {
  getValue(key: symbol): unknown;
}

export interface Link {
  readonly context: SpanContext;
}

export interface Span {
  spanContext(): SpanContext;
  setAttribute(name: string, value: string | number | boolean): Span;
  setAttributes(attributes: Attributes): Span;
  setStatus(status: { readonly code: number; readonly message?: string }): Span;
  /** Versions before 1.9 have none. */
  addLinks?(links: Link[]): Span;
  end(at: Date): void;
}

export interface Tracer {
  startSpan(
    name: string,
    options: {
      readonly kind: number;
      readonly startTime: Date;
      readonly attributes: Attributes;
      readonly links: Link[];
    },
    parent: Context,
  ): Span;
}

interface InstrumentOptions {
  readonly unit: string;
  readonly description: string;
}

export interface Histogram {
  record(value: number, attributes?: Attributes): void;
}

export interface Counter {
  add(value: number, attributes?: Attributes): void;
}

export interface Meter {
  createHistogram(name: string, options: InstrumentOptions): Histogram;
  createCounter(name: string, options: InstrumentOptions): Counter;
}

export interface TracerSource {
  getTracer(name: string): Tracer;
}

export interface MeterSource {
  getMeter(name: string): Meter;
}

/** The API's module. */
export interface OpenTelemetry {
  readonly context: {
    active(): Context;
    with<Result>(context: Context, work: () => Result): Result;
  };
  readonly trace: TracerSource & {
    setSpan(context: Context, span: Span): Context;
    setSpanContext(context: Context, spanContext: SpanContext): Context;
    getSpanContext(context: Context): SpanContext | undefined;
  };
  readonly metrics: MeterSource;
}

export function isOpenTelemetry(value: unknown): value is OpenTelemetry {
  return (
    typeof value === "object" &&
    value !== null &&
    "trace" in value &&
    "metrics" in value &&
    "context" in value
  );
}

export function isTracerSource(value: object | undefined): value is TracerSource {
  return value !== undefined && "getTracer" in value;
}

export function isMeterSource(value: object | undefined): value is MeterSource {
  return value !== undefined && "getMeter" in value;
}
