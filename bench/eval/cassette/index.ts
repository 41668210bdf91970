export { installSessions, sendRequest, withSession } from "./install.js";
export { knownOr, RecordingSession, ReplayingSession } from "./session.js";
export { Cassette } from "./tape.js";
