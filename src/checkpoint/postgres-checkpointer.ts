import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { cannotOpen } from "./checkpointer-error.js";
import { hasFunction, loadOptionalPackage } from "./load-package.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";
import { postgresPackage, setupBesideOthers, surviveLostConnections } from "./postgres-database.js";

/** What is used of the package. */
type Saver = BaseCheckpointSaver & { setup(): Promise<void>; end(): Promise<void> };
type PostgresModule = { PostgresSaver: { fromConnString(url: string): Saver } };

/** `postgres://…` and `postgresql://…` keep checkpoints in a PostgreSQL database, in its schema `public`. */
export const openPostgresCheckpointer: CheckpointerDriver = async (url, { load, serializer }) => {
  const { PostgresSaver } = await loadOptionalPackage(postgresPackage, isPostgresModule, load);
  let saver: Saver | undefined;
  try {
    saver = PostgresSaver.fromConnString(url);
    if (serializer !== undefined) saver.serde = serializer;
    const opened = saver;
    surviveLostConnections(Reflect.get(opened, "pool"));
    await setupBesideOthers(() => opened.setup());
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= opened.end();
      return closed;
    };
    return { checkpointer: opened, kind: "postgres", close };
  } catch (cause) {
    await saver?.end();
    throw cannotOpen("the PostgreSQL checkpointer", cause);
  }
};

function isPostgresModule(module: unknown): module is PostgresModule {
  return hasFunction(Reflect.get(Object(module), "PostgresSaver"), "fromConnString");
}
