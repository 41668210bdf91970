// The server of the image, by hand: LangGraph's own, with the graphs and the auth that the image's environment names.
import { startServer } from "@langchain/langgraph-api/server";
import { z } from "zod";

const { LANGSERVE_GRAPHS = "", LANGGRAPH_AUTH = "", PROJECT = "", PORT = "" } = process.env;
const graphs = z.record(z.string(), z.string()).parse(JSON.parse(LANGSERVE_GRAPHS));
const auth = z
  .object({ path: z.string(), disable_studio_auth: z.boolean() })
  .parse(JSON.parse(LANGGRAPH_AUTH));

await startServer({ port: Number(PORT), host: "127.0.0.1", nWorkers: 2, cwd: PROJECT, graphs, auth });
