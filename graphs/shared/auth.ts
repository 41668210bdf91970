// An example of a server's auth, which langgraph.json names. It is off until PLAN_EXECUTE_USERS says who there is: a
// JSON object from each user's token to who they are, such as
//   {"a long secret": {"identity": "ann"}, "another": {"identity": "desk", "permissions": ["staff"]}}
// A client then sends its token as `Authorization: Bearer <token>` or as `x-api-key` (the SDK's `apiKey`). A user's
// threads, runs and store entries belong to that user alone. Everybody may use an assistant, and only its creator may
// change it. Nobody may delete one, because the server would also delete the runs of everybody who used it.
// langgraph.json must set "disable_studio_auth"; without it, anybody who claims to be Studio is let in.
import { createHash } from "node:crypto";
import { Auth, HTTPException } from "@langchain/langgraph-sdk/auth";
import { userNamespace } from "langgraph-plan-execute";
import { z } from "zod";
import { createGate } from "./unasked-requests.js";

const userSchema = z.strictObject({
  identity: z.string().min(1),
  permissions: z.array(z.string()).default([]),
});
const usersSchema = z.record(z.string().min(8), userSchema);

/** The user if nobody has to identify themselves. Nothing is kept from them. */
const ANYBODY = { identity: "anybody", permissions: [], is_authenticated: false };

const usersByDigest = readUsers(process.env.PLAN_EXECUTE_USERS);
const assertMayAsk = createGate();

/** What langgraph.json names. */
export const auth = new Auth()
  .authenticate(async (request) => {
    if (usersByDigest === undefined) {
      return ANYBODY;
    }
    const user = usersByDigest.get(digestOf(tokenOf(request.headers)));
    if (user === undefined) {
      throw new HTTPException(401, { message: "Send a token that this server knows." });
    }
    await assertMayAsk(request, user);
    return { ...user, is_authenticated: true };
  })
  .on("threads", ({ value, user }) => ownedBy(user, value))
  .on("threads:create_run", ({ value, user }) => {
    // The server would call any address from the inside, and would lose a worker for good if nobody answers.
    if (user.is_authenticated && value.kwargs.webhook) {
      throw new HTTPException(403, { message: "Webhooks are closed: join the run instead." });
    }
    return ownedBy(user, value);
  })
  .on("assistants:create", ({ value, user }) => {
    ownedBy(user, value);
  })
  .on("assistants:update", ({ value, user }) => ownedBy(user, value))
  .on("assistants:delete", ({ user }) => !user.is_authenticated)
  .on("assistants", () => true)
  .on("store", ({ value, user }) => {
    if (!user.is_authenticated) {
      return true;
    }
    const own = userNamespace({ configurable: { langgraph_auth_user: user } });
    const namespace = value.namespace ?? [];
    if (own.every((label, at) => namespace[at] === label)) {
      return true;
    }
    throw new HTTPException(403, { message: `Your entries are under ${own.join(" / ")}.` });
  })
  // Everything that no rule above covers: crons, and whatever a newer server has.
  .on("*", ({ user }) => !user.is_authenticated);

/** Marks a new thing as the user's, and limits what they may see of the rest. */
function ownedBy(
  user: { readonly identity: string; readonly is_authenticated: boolean },
  value?: object,
): { owner: string } | undefined {
  if (!user.is_authenticated) {
    return undefined;
  }
  const owner = user.identity;
  if (value !== undefined) {
    Object.assign(value, { metadata: { ...metadataOf(value), owner } });
  }
  return { owner };
}

function metadataOf(value: object): object {
  const metadata: unknown = Reflect.get(value, "metadata");
  return typeof metadata === "object" && metadata !== null ? metadata : {};
}

/** Tokens are looked up by their digests, so that the time of a look-up reveals nothing about them. */
function readUsers(given: string | undefined): ReadonlyMap<string, z.infer<typeof userSchema>> | undefined {
  if (given === undefined || given === "") {
    return undefined;
  }
  const users = usersSchema.safeParse(parseJson(given));
  if (!users.success) {
    throw new Error(
      `PLAN_EXECUTE_USERS must be a JSON object from tokens of at least 8 characters to users such as {"identity":"ann"}: ${z.prettifyError(users.error)}`,
    );
  }
  return new Map(Object.entries(users.data).map(([token, user]) => [digestOf(token), user]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

function tokenOf(headers: Headers): string {
  const bearer = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return bearer ?? headers.get("x-api-key") ?? "";
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
