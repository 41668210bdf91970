// A server may ask a person something while it carries out a call (MCP calls it elicitation). The question stops the
// call: the request is cancelled, the step waits for the person, and the call is made again, with the answer at hand.
// So a question outlives the process, like any other question of a tool.
//
// A server does not say for which call it asks. While one call is open, it is that one. So
//
//   (1) a server that has asked once gets one call at a time from then on;
//   (2) its first question is held until all calls but one have ended;
//   (3) if every open call asks, all of them are cancelled, and each is made again alone.
import { isGraphInterrupt } from "@langchain/langgraph";
import { type LinkedSignal, linkSignal, raceSignal } from "../base/index.js";
import { type AnswerToServer, readAnswer, toQuestion } from "./elicitation.js";

/** A call during which its server may ask. */
export interface AskingCall {
  readonly signal: AbortSignal | undefined;
  /** Returns a person's answer, or throws LangGraph's interrupt if there is none yet. */
  ask(question: unknown): unknown;
}

interface OpenCall extends AskingCall {
  readonly link: LinkedSignal;
  /** Why the request was cancelled: the question, or that all open calls ask. */
  stopped?: { readonly by: "question"; readonly thrown: unknown } | { readonly by: "crowd" };
}

/** The questions of one server, and the calls that are open meanwhile. */
export class ServerQuestions {
  readonly #server: string;
  readonly #open = new Set<OpenCall>();
  /** Settles when all calls so far have ended. */
  #ended: Promise<unknown> = Promise.resolve();
  #hasAsked = false;
  #held = 0;
  /** How often all open calls asked at once. */
  #crowds = 0;
  /** Tells the questions that are held that a call has ended. */
  #wake: (() => void)[] = [];

  constructor(server: string) {
    this.#server = server;
  }

  /** Makes a call. The work gets the signal that cancels its request. */
  async during<Result>(call: AskingCall, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    for (;;) {
      const leave = await this.#enter(call.signal);
      const link = linkSignal(call.signal);
      const open: OpenCall = { ...call, link };
      this.#open.add(open);
      try {
        return await work(link.signal);
      } catch (error) {
        if (open.stopped === undefined) {
          throw error;
        }
        if (open.stopped.by === "question") {
          throw open.stopped.thrown;
        }
      } finally {
        this.#open.delete(open);
        link.unlink();
        leave();
        for (const wake of this.#wake.splice(0)) {
          wake();
        }
      }
    }
  }

  /** Answers a question of the server. */
  async answer(params: unknown, signal: AbortSignal): Promise<AnswerToServer> {
    this.#hasAsked = true;
    const call = await this.#whoAsks(signal);
    if (call === undefined) {
      return { action: "cancel" };
    }
    const question = toQuestion(this.#server, params);
    let problem: string | undefined;
    try {
      // An answer that does not fit is asked for again. Each round takes one more answer, so it ends.
      for (;;) {
        const read = readAnswer(
          call.ask({ ...question, ...(problem === undefined ? {} : { problem }) }),
          question,
        );
        if (typeof read !== "string") {
          return read;
        }
        problem = read;
      }
    } catch (thrown) {
      if (isGraphInterrupt(thrown)) {
        call.stopped = { by: "question", thrown };
        call.link.abort(new Error("A person is asked. The call is made again with the answer."));
      }
      return { action: "cancel" };
    }
  }

  /** Waits for the call's turn. The returned function ends it. */
  async #enter(signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#ended;
    let leave = () => {};
    const own = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#ended = Promise.all([before, own]).then(() => {});
    try {
      await (this.#hasAsked ? raceSignal(before, signal) : undefined);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #whoAsks(signal: AbortSignal): Promise<OpenCall | undefined> {
    this.#held++;
    const crowds = this.#crowds;
    try {
      // A question of a call that was sent back is nobody's any more.
      while (this.#open.size > 1 && crowds === this.#crowds) {
        if (this.#held >= this.#open.size) {
          this.#sendBack();
          return undefined;
        }
        await raceSignal(new Promise<void>((resolve) => this.#wake.push(resolve)), signal);
      }
      const [only] = this.#open;
      return crowds === this.#crowds ? only : undefined;
    } catch {
      return undefined;
    } finally {
      this.#held--;
    }
  }

  #sendBack(): void {
    this.#crowds++;
    for (const call of this.#open) {
      call.stopped ??= { by: "crowd" };
      call.link.abort(new Error("Several calls of this server ask a person at the same time."));
    }
  }
}
