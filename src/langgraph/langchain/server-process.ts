// The MCP SDK's transport keeps the child process that it started in the private `_process`. We need it for two things
// that the SDK has no function for.
//
//   (1) A child with open pipes keeps our process alive. A server that has nothing to do must not keep a program from
//       ending; then its input closes, and it ends too.
//   (2) The SDK says that a server has ended, and not with which exit code or signal.
import { ChildProcess } from "node:child_process";
import { isOfClass } from "../../base/index.js";

/** Says whether the process behind a transport keeps ours alive. A transport without a process stays as it is. */
export function holdServerProcess(transport: object, isHeld: boolean): void {
  const child = processOf(transport);
  const handles = child === undefined ? [] : [child, child.stdin, child.stdout, child.stderr];
  for (const handle of handles) {
    // The pipes of a child are sockets, and their type does not say so.
    const change: unknown = Reflect.get(Object(handle), isHeld ? "ref" : "unref");
    if (typeof change === "function") {
      change.call(handle);
    }
  }
}

/** Watches the process behind a transport, and returns a function that says how it ended; undefined while it runs. */
export function watchServerProcess(transport: object): () => string | undefined {
  const child = processOf(transport);
  return () => {
    const { exitCode = null, signalCode = null } = child ?? {};
    return signalCode === null ? (exitCode === null ? undefined : `exit code ${exitCode}`) : signalCode;
  };
}

function processOf(transport: object): ChildProcess | undefined {
  const child: unknown = Reflect.get(transport, "_process");
  return isOfClass(child, ChildProcess) ? child : undefined;
}
