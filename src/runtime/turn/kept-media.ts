// Pictures, sounds and files that tools gave. The state holds references, because bytes in it would be written again
// with each checkpoint. The bytes are in the process's memory and, if there is a store, also there, under the thread:
// there they outlive the process, and go when the thread is deleted.
import { createHash } from "node:crypto";
import type { BaseStore } from "@langchain/langgraph";
import { z } from "zod";
import { isRecord, type JsonValue } from "../../base/index.js";
import { threadNamespace } from "../../checkpoint/index.js";
import type { Attachment, RoleModels } from "../../models/index.js";
import type { StepResult } from "../../plan/index.js";
import { type KeepMedia, MAX_MEDIA_CHARACTERS, type Media, type MediaReference } from "../../tools/index.js";
import { MAX_ATTACHED_CHARACTERS, type NodeContext, tryStorage } from "../run/index.js";

/** How many pictures of its inputs a model is shown. */
const MAX_SHOWN = 8;

const mediaSchema = z.object({ mimeType: z.string(), data: z.string() });

/** Creates the function that keeps what a run's tools give. A name is a hash, so the same bytes are kept once. */
export function createKeepMedia(context: NodeContext): KeepMedia {
  return async (media) => {
    if (media.data.length > MAX_MEDIA_CHARACTERS) {
      return undefined;
    }
    const name = createHash("sha256").update(media.mimeType).update("\n").update(media.data).digest("hex");
    context.services.media.add(name, media);
    const { store } = context.config;
    const { threadId } = context.requester;
    if (store !== undefined && threadId !== undefined) {
      // If the store fails, the picture is still in memory.
      await tryStorage(() => store.put(namespaceOf(threadId), name, { ...media }, false), retryOf(context));
    }
    return name;
  };
}

/**
 * Reads what a reference in an output stands for, from the store that the run had. Undefined if it is not kept, or not
 * any more.
 */
export async function readMedia(
  reference: Pick<MediaReference, "media">,
  from: { readonly store: BaseStore; readonly threadId: string },
): Promise<Media | undefined> {
  const { media: name } = reference;
  const item = name === undefined ? null : await from.store.get(namespaceOf(from.threadId), name);
  return mediaSchema.safeParse(item?.value).data;
}

/**
 * The pictures that results refer to, as models take them. There are none if one of the models is not known to see. A
 * picture whose bytes are gone is left out.
 */
export async function picturesOf(
  results: readonly StepResult[],
  models: RoleModels,
  context: NodeContext,
): Promise<readonly Attachment[]> {
  const values = results.flatMap(({ output, artifact }) => [output, artifact]);
  const names = [...new Set(values.flatMap((value) => namesIn(value)))].slice(0, MAX_SHOWN);
  if (names.length === 0 || !(await canSee(models, context))) {
    return [];
  }
  const media = await Promise.all(names.map((name) => find(name, context)));
  let characters = 0;
  return media.flatMap((one) => {
    characters += one?.data.length ?? 0;
    return one === undefined || characters > MAX_ATTACHED_CHARACTERS
      ? []
      : [{ type: "image_url", image_url: { url: `data:${one.mimeType};base64,${one.data}` } }];
  });
}

async function canSee({ model, fallbacks }: RoleModels, { services }: NodeContext): Promise<boolean> {
  const resolved = await Promise.all([model, ...fallbacks].map((spec) => services.resolveModel(spec)));
  return resolved.every((one) => one.model.profile?.imageInputs === true);
}

/** The names of the pictures in an output. */
function namesIn(value: JsonValue | undefined): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((one) => namesIn(one));
  }
  if (!isRecord(value)) {
    return [];
  }
  if (value.type === "image" && typeof value.media === "string") {
    return [value.media];
  }
  return Object.values(value).flatMap((one) => namesIn(one));
}

async function find(name: string, context: NodeContext): Promise<Media | undefined> {
  const kept = context.services.media.get(name);
  const { store } = context.config;
  const { threadId } = context.requester;
  if (kept !== undefined || store === undefined || threadId === undefined) {
    return kept;
  }
  const tried = await tryStorage(() => readMedia({ media: name }, { store, threadId }), retryOf(context));
  return tried.ok ? tried.value : undefined;
}

function namespaceOf(threadId: string): string[] {
  return [...threadNamespace(threadId), "media"];
}

function retryOf({ services, settings, signal }: NodeContext) {
  const { random, sleep } = services;
  return { backoff: settings.executor.backoff, random, sleep, signal };
}
