// Owns: what OpenTelemetry is told of runs: spans, metrics, and their names.
// Gives: `createTelemetry`, a sink.
// Does not touch: runs. It knows events alone, and loads OpenTelemetry where it is installed.
export { createTelemetry, type TelemetryOptions } from "./telemetry.js";
