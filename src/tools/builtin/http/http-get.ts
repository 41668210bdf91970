/**
 * GET over HTTP, for an agent that a fetched page may tell what to fetch next.
 *
 * 1. Only http and https, only allowed hosts, and no user name or password in the address.
 * 2. Addresses of this machine or its network are refused, whether given as number or name. The name is
 *    resolved first, all its addresses are checked, and the connection goes to one of those.
 * 3. Redirects are followed here, at most three, and each is checked like the first address.
 * 4. The body is text and is cut after `maxBytes`. A request that takes longer than `timeoutMs` in all is
 *    aborted.
 * 5. A status of 400 or above is a failure, because a step that got an error page did not get what it asked for.
 */
import { lookup } from "node:dns/promises";
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { raceSignal, startDeadline } from "../../../base/index.js";
import { BuiltinToolError, type BuiltinToolErrorCode } from "../../tool-errors.js";
import { type HttpAnswer, type HttpPage, requestPage, toPage } from "./http-request.js";

export interface HttpGetOptions {
  /** Hosts that may be asked: `example.com`, `example.com:8080`, `*.example.com`, or `*` for any host. */
  readonly allow: readonly string[];
  /** Size limit for the body, in bytes; the rest is cut. @default 262,144 */
  readonly maxBytes?: number;
  /** Time limit for everything, redirects included, in milliseconds. @default 15,000 */
  readonly timeoutMs?: number;
  /** Whether addresses of this machine and its network may be asked. @default false */
  readonly allowPrivate?: boolean;
  /** Resolves a host to its addresses. @default the operating system's resolver */
  readonly resolveHost?: (host: string) => Promise<readonly string[]>;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Creates the tool that fetches a page: `{ url }` → `{ status, contentType, body }`. The head of this file
 * lists its limits.
 */
export function createHttpGetTool(options: HttpGetOptions) {
  const allow = options.allow.map((host) => host.trim().toLowerCase());
  assertHosts(allow);
  const getter = new HttpGetter({
    allow,
    maxBytes: options.maxBytes ?? 262_144,
    timeoutMs: options.timeoutMs ?? 15_000,
    allowPrivate: options.allowPrivate ?? false,
    resolveHost: options.resolveHost ?? systemAddresses,
  });
  return tool(({ url }, config) => getter.get(url, config.signal), {
    name: "http_get",
    description: `Fetches a page or a JSON document over HTTP. Allowed hosts: ${allow.join(", ")}.`,
    schema: z.object({ url: z.string().describe("Address that begins with https:// or http://.") }),
    metadata: {
      readOnly: true,
      outputSchema: {
        type: "object",
        properties: {
          status: { type: "number" },
          contentType: { type: "string" },
          body: {},
          truncated: { type: "boolean" },
        },
        required: ["status", "contentType", "body"],
        additionalProperties: false,
      },
    },
  });
}

class HttpGetter {
  constructor(private readonly options: Required<HttpGetOptions>) {}

  async get(address: string, callerSignal: AbortSignal | undefined): Promise<HttpPage> {
    const { timeoutMs } = this.options;
    const deadline = startDeadline(timeoutMs, "The operation was aborted due to timeout", callerSignal);
    try {
      return toPage(address, await this.follow(readUrl(address), deadline.signal));
    } catch (error) {
      if (!deadline.isOver) {
        throw error;
      }
      const message = `GET ${address} took longer than ${timeoutMs} ms.`;
      throw new BuiltinToolError("HTTP_FAILED", message, true, { cause: error });
    } finally {
      deadline.end();
    }
  }

  private async follow(start: URL, signal: AbortSignal): Promise<HttpAnswer> {
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const address = await this.checkedAddress(url, signal);
      const answer = await requestPage(url, { address, signal, maxBytes: this.options.maxBytes });
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.status) || location === undefined) {
        return answer;
      }
      url = readUrl(location, url);
    }
    throw refused("HTTP_FAILED", `GET ${start.href} is redirected more than ${MAX_REDIRECTS} times.`);
  }

  private async checkedAddress(url: URL, signal: AbortSignal): Promise<string> {
    const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
    const { allow, allowPrivate, resolveHost } = this.options;
    if (!allow.some((pattern) => matchesHost(pattern, host, url))) {
      throw refused(
        "HOST_NOT_ALLOWED",
        `The host "${url.host}" may not be asked. Allowed: ${allow.join(", ")}.`,
      );
    }
    const addresses = isIP(host) === 0 ? await raceSignal(resolveHost(host), signal) : [host];
    const [first] = addresses;
    if (first === undefined) {
      throw refused("HTTP_FAILED", `The host "${host}" has no address.`);
    }
    if (!allowPrivate && addresses.some(isPrivateAddress)) {
      throw refused(
        "HOST_NOT_ALLOWED",
        `The host "${host}" is on this machine or its own network, which may not be asked.`,
      );
    }
    return first;
  }
}

async function systemAddresses(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

function refused(code: BuiltinToolErrorCode, message: string): BuiltinToolError {
  return new BuiltinToolError(code, message);
}

const HOST_PATTERN = /^(\*|(\*\.)?[a-z0-9.-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?)$/;

/** Length limit for an address. Servers take no longer ones, and parsing a long host may take long. */
const MAX_ADDRESS = 8_192;

/** Parses an http or https address. Throws if it is no such address, or contains a user name or password. */
function readUrl(address: string, base?: URL): URL {
  if (address.length > MAX_ADDRESS) {
    throw refusedAddress(
      `The address has ${address.length} characters; ${MAX_ADDRESS} are the most: "${address.slice(0, 200)}…".`,
    );
  }
  if (!URL.canParse(address, base?.href)) {
    throw refusedAddress(`"${address.slice(0, 200)}" is no address. Write it as https://example.com/page.`);
  }
  const url = new URL(address, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw refusedAddress(`"${address.slice(0, 200)}" is neither http nor https.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw refusedAddress(`The address of ${url.host} holds a user name or a password. Leave it out.`);
  }
  return url;
}

/** Whether an entry of the allowed hosts permits this host. */
function matchesHost(pattern: string, host: string, url: URL): boolean {
  if (pattern === "*" || pattern === host || pattern === url.host || pattern === `[${host}]`) {
    return true;
  }
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  if (pattern.startsWith("*.")) {
    const [domain = "", ownPort = port] = pattern.slice(1).split(":");
    return host.endsWith(domain) && port === ownPort;
  }
  return pattern === `${host}:${port}` || pattern === `[${host}]:${port}`;
}

/** Throws if no hosts are allowed, or an entry is not a host. */
function assertHosts(allow: readonly string[]): void {
  if (allow.length === 0) {
    throw refusedAddress(
      'http_get needs the hosts that may be asked: allow: ["example.com"], or ["*"] for any.',
    );
  }
  const wrong = allow.find((host) => !HOST_PATTERN.test(host));
  if (wrong === undefined) {
    return;
  }
  throw refusedAddress(
    `"${wrong}" in the hosts of http_get is no host. Write example.com, example.com:8080, *.example.com or *.`,
  );
}

function refusedAddress(message: string): BuiltinToolError {
  return new BuiltinToolError("INVALID_URL", message);
}

const IPV4_RANGES: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** IPv6 ranges outside the open internet (2000::/3), and ranges inside it that are reserved or wrap an IPv4 address. */
const IPV6_RANGES: readonly (readonly [network: string, prefix: number])[] = [
  ["::", 3],
  ["4000::", 2],
  ["8000::", 1],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
];

function blockList(ranges: readonly (readonly [string, number])[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) {
    list.addSubnet(network, prefix, family);
  }
  return list;
}

/**
 * Whether an address is not on the open internet: private, loopback, link-local, reserved, or not an IP
 * address at all.
 */
export function isPrivateAddress(address: string): boolean {
  // The lists are separate because a combined one treats each IPv4 address as its IPv6 form, which is in "::/3".
  if (isIPv4(address)) {
    return blockList(IPV4_RANGES, "ipv4").check(address, "ipv4");
  }
  return !isIPv6(address) || blockList(IPV6_RANGES, "ipv6").check(address, "ipv6");
}
