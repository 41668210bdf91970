// Who may use the pages: whoever has seen the address that the command printed, and nobody else.
//
//   (1) The server listens on loopback, and answers only to its own name: another name that leads to this machine
//       (DNS rebinding) gets nothing.
//   (2) The token of the printed address opens the pages once for a browser, which then holds a cookie that no script
//       and no other site can use.
//   (3) A form counts only if it comes from a page of this server: by its origin, and by a word that only its pages hold.
//   (4) Secrets are compared in constant time.
//   (5) A program (an MCP client) sends the token with each request, and no page of another site may send one.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Lets requests through, or says why not. */
export interface RequestGuard {
  /** The word that every form has to bring. */
  readonly formWord: string;
  /** What the printed address ends with. */
  readonly token: string;
  /** The cookie for a browser that brought the token. */
  cookie(port: number): string;
  /** Judges a request by its headers and its address. */
  judge(request: IncomingMessage, url: URL, port: number): RequestVerdict;
  /** Whether a form came from a page of this server. */
  isOwnForm(word: string | null): boolean;
}

/** The verdict on a request. */
export type RequestVerdict =
  | { readonly kind: "allowed" }
  /** It brought the token: it gets the cookie. */
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string };

const SECRET_BYTES = 32;
const NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** Creates a guard with secrets of its own, which end with the process. */
export function createRequestGuard(): RequestGuard {
  const [token, session, formWord] = [newSecret(), newSecret(), newSecret()];
  const cookieName = (port: number) => `plan-execute-${port}`;
  return {
    token,
    formWord,
    cookie: (port) => `${cookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/`,
    isOwnForm: (word) => isSame(word ?? "", formWord),
    judge({ headers, method = "" }, url, port) {
      if (!isOwnHost(headers.host, port)) {
        return FOREIGN_HOST;
      }
      if (method !== "GET" && method !== "POST") {
        return refuse(405, "Pages are read with GET, and forms are sent with POST.");
      }
      const given = url.searchParams.get("token");
      if (method === "GET" && given !== null && isSame(given, token)) {
        return { kind: "opened" };
      }
      if (!isSame(cookieIn(headers.cookie, cookieName(port)), session)) {
        return refuse(401, "Open the address that the command printed. It holds the token.");
      }
      const site = headers["sec-fetch-site"];
      const isForeign =
        headers.origin !== `http://${headers.host}` || (site !== undefined && site !== "same-origin");
      return method === "POST" && isForeign
        ? refuse(403, "A decision counts only if it is sent from a page of this server.")
        : { kind: "allowed" };
    },
  };
}

/** Judges the request of a program: by its host, its token, and a browser's word on which page sends it. */
export function judgeProgram(
  { headers }: IncomingMessage,
  port: number,
  token: string,
): Exclude<RequestVerdict, { readonly kind: "opened" }> {
  if (!isOwnHost(headers.host, port)) {
    return FOREIGN_HOST;
  }
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    return refuse(403, "This server takes no request of a page of another site.");
  }
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  return isSame(given, token)
    ? { kind: "allowed" }
    : refuse(401, "Send the header that the command printed: Authorization: Bearer <token>.");
}

const FOREIGN_HOST = refuse(421, "This server answers to its own address alone.");

function isOwnHost(host: string | undefined, port: number): boolean {
  return NAMES.some((name) => host === `${name}:${port}`);
}

function refuse(status: number, reason: string) {
  return { kind: "refused", status, reason } as const;
}

/** A secret that nobody guesses, in characters that need no quotes. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** Compares hashes, because the comparison wants the same length. */
function isSame(given: string, secret: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

function cookieIn(header = "", name: string): string {
  const pairs = header.split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([key]) => key === name)?.[1] ?? "";
}
