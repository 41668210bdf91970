import type { WaitingNotice } from "./waiting-notice.js";

/** A webhook answered with something else than success. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";

  constructor(
    /** The HTTP status that came. */
    readonly status: number,
  ) {
    super(`The webhook answered with HTTP status ${status}.`);
  }
}

/** Posts a notice as JSON. A redirect is not followed: what waits is for the one address alone. */
export async function postNotice(
  url: string,
  notice: WaitingNotice,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(notice),
    redirect: "manual",
    signal,
  });
  await response.body?.cancel();
  if (!response.ok) throw new WebhookError(response.status);
}
