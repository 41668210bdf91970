// The examples are those of OPEA's documentation: comps/agent/src/README.md and tests/agent/planexec_openai.yaml of
// opea-project/GenAIComps.
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { loadAgent } from "../../src/index.js";
import { type OpenAiServer, startOpenAiServer } from "../support/openai-server.js";
import { folderWith } from "./files.js";

const TOOLS = `# Follow example below to add your tool
opea_index_retriever:
  description: Retrieve related information of Intel OPEA project based on input query.
  callable_api: tools.py:opea_rag_query
  args_schema:
    query:
      type: str
      description: Question query
  return_output: retrieved_data
`;
/** The example's functions, in the language of this package. */
const FUNCTIONS = "export const opea_rag_query = ({ query }) => `OPEA is an open platform. (${query})`;\n";
const COMPOSE = `services:
 react-agent:
    image: \${agent_image}
    container_name: test-comps-agent-endpoint
    volumes:
      - \${TOOLSET_PATH}:/home/user/tools/
    ports:
      - "9095:9095"
    ipc: host
    environment:
      ip_address: \${ip_address}
      strategy: plan_execute
      recursion_limit: \${recursion_limit}
      llm_engine: openai
      OPENAI_API_KEY: \${OPENAI_API_KEY}
      model: "gpt-4o-mini"
      temperature: \${temperature}
      max_new_tokens: \${max_new_tokens}
      streaming: false
      tools: /home/user/tools/custom_tools.yaml
      require_human_feedback: false
      no_proxy: \${no_proxy}
      http_proxy: \${http_proxy}
      https_proxy: \${https_proxy}
      port: 9095
`;
const QUESTION = "What is the OPEA project?";
const ANSWER = `OPEA is an open platform. (${QUESTION})`;

let server: OpenAiServer;
beforeAll(async () => {
  server = await startOpenAiServer(({ tools }) => {
    const steps = [{ tool: "opea_index_retriever", args: { query: QUESTION } }];
    return tools?.some((tool) => tool.function.name === "plan")
      ? { calls: [{ name: "plan", args: { steps, answer: "1" } }] }
      : { text: "Nothing to plan." };
  });
});
afterAll(() => server.close());

async function ask(path: string, environment: Readonly<Record<string, string>>) {
  const warnings: string[] = [];
  const agent = await loadAgent(path, { environment, onWarning: (warning) => warnings.push(warning) });
  const before = server.requests.length;
  const result = await agent.invoke({ input: QUESTION }, { configurable: { thread_id: "1" } });
  await agent.close();
  return { response: result.response, status: result.status, warnings, request: server.requests[before] };
}

/** The process's own settings of OpenAI, which its client reads. */
function withOpenAi(settings: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  Object.assign(process.env, settings);
  onTestFinished(() => {
    for (const name of Object.keys(settings)) {
      Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, before);
  });
}

test("the compose file of the documentation runs as it stands", async () => {
  withOpenAi({ OPENAI_BASE_URL: server.environment.OPENAI_BASE_URL });
  const folder = folderWith({
    "planexec_openai.yaml": COMPOSE,
    "my_tools/custom_tools.yaml": TOOLS,
    "my_tools/tools.mjs": FUNCTIONS,
  });
  const { response, warnings, request } = await ask(join(folder, "planexec_openai.yaml"), {
    TOOLSET_PATH: join(folder, "my_tools"),
    OPENAI_API_KEY: "sk-of-opea",
    temperature: "0.01",
    max_new_tokens: "1024",
    recursion_limit: "15",
    ip_address: "127.0.0.1",
    agent_image: "opea/agent:latest",
  });
  expect(response).toBe(ANSWER);
  expect(request).toMatchObject({ model: "gpt-4o-mini", temperature: 0.01, max_tokens: 1024 });
  expect(warnings.map((warning) => warning.replaceAll(`${folder}/`, ""))).toEqual([
    "planexec_openai.yaml:22:7: services.react-agent.environment.no_proxy: the environment has no no_proxy, so this is left out",
    "planexec_openai.yaml:23:7: services.react-agent.environment.http_proxy: the environment has no http_proxy, so this is left out",
    "planexec_openai.yaml:24:7: services.react-agent.environment.https_proxy: the environment has no https_proxy, so this is left out",
    "planexec_openai.yaml:13:7: services.react-agent.environment.recursion_limit: has no meaning here: a run is not limited by its supersteps here; limits.maxModelCalls and limits.maxSteps limit a turn",
    "ip_address, streaming, port: have no meaning here",
    "custom_tools.yaml:4:3: opea_index_retriever.callable_api: tools.py is Python, which does not run here: ${TOOLSET_PATH}/tools.mjs is used in its place",
  ]);
});

test("its keys may be a file's, beside options of this package", async () => {
  withOpenAi({ OPENAI_BASE_URL: server.environment.OPENAI_BASE_URL, OPENAI_API_KEY: "sk-of-opea" });
  const folder = folderWith({
    "agent.yaml":
      "strategy: plan_execute\nllm_engine: openai\nmodel: gpt-4o-mini\nwith_memory: true\ntools: ./tools.yaml\nlimits: { maxModelCalls: 9 }\n",
    "tools.yaml": TOOLS.replace("tools.py", "tools.mjs"),
    "tools.mjs": FUNCTIONS,
  });
  const { response, warnings } = await ask(join(folder, "agent.yaml"), {});
  expect([response, warnings]).toEqual([ANSWER, []]);
});

test("its variables in the environment are an agent too: a server of its own, a timeout, and a person", async () => {
  const folder = folderWith({
    "tools.yaml": TOOLS.replace("tools.py", "tools.mjs"),
    "tools.mjs": FUNCTIONS,
  });
  const environment = {
    strategy: "react_llama",
    llm_engine: "vllm",
    llm_endpoint_url: server.environment.OPENAI_BASE_URL.replace("/v1", ""),
    model: "meta-llama/Meta-Llama-3.1-70B-Instruct",
    tools: join(folder, "tools.yaml"),
    with_memory: "true",
    memory_type: "store",
    require_human_feedback: "true",
    role_description: "You are a librarian.",
    timeout: "60",
    debug: "false",
    HF_TOKEN: "hf_0123456789",
  };
  const { status, warnings, request } = await ask("env:", environment);
  expect(status).toBe("waiting");
  expect(request?.model).toBe(environment.model);
  expect(JSON.stringify(request?.messages)).toContain("You are a librarian.");
  expect(warnings).toEqual([
    'strategy: "react_llama" has no meaning here: the agent plans and executes',
    'memory_type: "store" has no meaning here, because there is no Redis; checkpointer: postgres://… keeps threads',
    "debug: has no meaning here",
  ]);
});

test.each<[name: string, file: string, said: string]>([
  [
    "an engine",
    "llm_engine: opnai\nmodel: x\n",
    "agent.yaml:1:13: llm_engine: must be openai or vllm or tgi",
  ],
  ["an engine", "llm_engine: opnai\nmodel: x\n", "did you mean openai?"],
  ["a server", "llm_engine: tgi\nmodel: x\n", "agent.yaml:1:13: llm_engine: tgi needs llm_endpoint_url"],
  [
    "a key",
    "strategy: plan_execute\nllm_engin: openai\n",
    "agent.yaml:2:1: llm_engin: there is no such key; did you mean llm_engine?",
  ],
  [
    "a number",
    "strategy: plan_execute\nmodel: x\nllm_engine: openai\ntemperature: hot\n",
    "agent.yaml:4:14: temperature: must be a number, not a text",
  ],
  ["a file", "strategy: plan_execute\ntools: ./none.yaml\n", "agent.yaml:2:8: tools: there is no file"],
])("what is wrong with %s is said of OPEA's own words", async (_, file, said) => {
  const folder = folderWith({ "agent.yaml": file });
  await expect(loadAgent(join(folder, "agent.yaml"), { environment: {} })).rejects.toThrow(said);
});

test("a tool may be an address, and what is wrong with a tool is said of its file", async () => {
  const posted: string[] = [];
  const endpoint = createServer(async (request, response) => {
    posted.push(await text(request));
    response.end("found it");
  });
  await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void endpoint.close());
  const address = endpoint.address();
  const port = typeof address === "object" ? address?.port : 0;
  const folder = folderWith({
    "agent.yaml": `strategy: plan_execute\nllm_engine: vllm\nllm_endpoint_url: ${server.environment.OPENAI_BASE_URL}\nmodel: x\ntools: ./tools.yaml\n`,
    "tools.yaml": TOOLS.replace("tools.py:opea_rag_query", `http://127.0.0.1:${port}/`),
    "wrong.yaml": "strategy: plan_execute\ntools: ./broken.yaml\n",
    "broken.yaml":
      "a:\n  callable_api: tools.py:a\nb:\n  callable_api: web\n  args_schema: { q: { type: strng } }\nc: {}\n",
  });
  const { response } = await ask(join(folder, "agent.yaml"), {});
  expect([response, posted]).toEqual(["found it", [JSON.stringify({ query: QUESTION })]]);
  const wrong = loadAgent(join(folder, "wrong.yaml"), { environment: {} });
  await expect(wrong).rejects.toThrow(
    new RegExp(
      [
        "broken.yaml:2:17: a.callable_api: tools.py is Python, which does not run here; write its functions in .*/tools.ts or .js",
        'broken.yaml:4:17: b.callable_api: must be module.ts:function, an address, or one of ddg-search.*not "web"',
        "broken.yaml:6:4: c.callable_api: .*",
      ].join("\\n- "),
    ),
  );
});
