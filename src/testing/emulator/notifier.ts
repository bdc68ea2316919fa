// Sends notifications as Cloudinary does: at once, then again after 3, 6 and 9 minutes until 200 is answered, and never
// after that. The clock is the emulator's: who moves it has due whatever the time passed over, one attempt after the other.
// Assumed is that each of these times counts from when the attempt before was due.

import type { StoredUpload } from "./asset.ts";
import type { Account } from "./key-pairs.ts";
import { bodyOf, filledIn, type Happened } from "./notification-bodies.ts";
import type { Attempt, Notified, WebhookSettings } from "./notified.ts";
import { isOfThisMachine, type Sealed, sealed, send } from "./send-notification.ts";

/** https://cloudinary.com/documentation/notifications: milliseconds between the attempts, and the wait for an answer. */
const PAUSES = [180_000, 360_000, 540_000];
const PATIENCE = 20_000;

/** The longest time of a timer. */
const MAX_TIMER = 2_147_483_647;

export interface NotifierOptions {
  readonly account: Account;
  readonly now: () => number;
  /** Addresses by what stands for them on this machine. */
  readonly forward?: Readonly<Record<string, string>> | undefined;
  /** Called after each attempt, and for what is withheld. */
  readonly onNotification?: ((notified: Notified) => void) | undefined;
}

/** What is told, and what is needed to send it. */
interface Delivery extends Notified {
  state: Notified["state"];
  readonly attempts: Attempt[];
  readonly target: string;
  readonly sealed: Sealed;
  /** Milliseconds by the clock: when the next attempt is to be, and when the present one ends. */
  dueMs: number;
  deadline: number;
  giveUp?: () => void;
}

const toldOf = ({ type, publicId, url, body, state, attempts, dueMs }: Delivery): Notified => ({
  type,
  ...(publicId !== undefined && { publicId }),
  url,
  body,
  state,
  attempts: [...attempts],
  ...(state === "waiting" && { due: dueMs / 1000 }),
});

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #all: Delivery[] = [];
  /** Those that are neither delivered nor given up. */
  readonly #open = new Set<Delivery>();
  readonly #underWay = new Set<Promise<void>>();
  #settings = {
    urls: [] as readonly string[],
    times: 1,
    delay: 0,
    template: null as string | null,
    algorithm: "sha1" as "sha1" | "sha256",
  };
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  set(settings: WebhookSettings): void {
    const named = Object.entries(settings).filter(([, value]) => value !== undefined);
    this.#settings = { ...this.#settings, ...Object.fromEntries(named) };
  }

  /** All that was, is or is to be sent, in order. */
  list(): Notified[] {
    return this.#all.map(toldOf);
  }

  /** Once no attempt is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Tells what happened to whom it concerns; nobody waits for that. */
  notify(...happened: readonly Happened[]): void {
    for (const one of happened) this.#tell(one);
    this.tick();
  }

  #tell(happened: Happened): void {
    const { account, now } = this.#options;
    const { urls, times, template, algorithm } = this.#settings;
    const nowMs = now();
    const members = bodyOf(happened, account, nowMs);
    const body = template === null ? JSON.stringify(members) : filledIn(template, members);
    const one = sealed(body, account, algorithm, nowMs);
    for (const url of happened.url ? [happened.url] : urls)
      for (let i = 0; i < times; i++) this.#add(happened.type, happened.asset, url, one);
  }

  #add(type: string, asset: StoredUpload | undefined, url: string, one: Sealed): void {
    const target = this.#targetOf(url);
    const isSent = isOfThisMachine(target);
    const delivery: Delivery = {
      type,
      ...(asset && { publicId: asset.public_id }),
      url,
      body: one.body,
      state: isSent ? "waiting" : "withheld",
      attempts: [],
      target,
      sealed: one,
      dueMs: this.#options.now() + this.#settings.delay * 1000,
      deadline: 0,
    };
    this.#all.push(delivery);
    if (isSent) this.#open.add(delivery);
    else this.#options.onNotification?.(toldOf(delivery));
  }

  #targetOf(url: string): string {
    const known = Object.entries(this.#options.forward ?? {}).find(
      ([from]) => url === from || url.startsWith(`${from}/`),
    );
    return known ? known[1] + url.slice(known[0].length) : url;
  }

  /** Does what is due by the clock: gives up on who does not answer, and sends. */
  tick(): void {
    if (this.#isClosed) return;
    const nowMs = this.#options.now();
    for (const delivery of [...this.#open]) {
      if (delivery.state === "sending" && delivery.deadline <= nowMs) delivery.giveUp?.();
      if (delivery.state === "waiting" && delivery.dueMs <= nowMs) this.#start(delivery, nowMs);
    }
    this.#wait(nowMs);
  }

  /** On a clock that nobody moves, time passes too. */
  #wait(nowMs: number): void {
    clearTimeout(this.#timer);
    if (this.#open.size === 0) return;
    const next = Math.min(
      ...[...this.#open].map(({ state, dueMs, deadline }) => (state === "sending" ? deadline : dueMs)),
    );
    this.#timer = setTimeout(() => this.tick(), Math.min(Math.max(next - nowMs, 1), MAX_TIMER)).unref();
  }

  #start(delivery: Delivery, nowMs: number): void {
    const stop = new AbortController();
    let isLate = false;
    delivery.state = "sending";
    delivery.deadline = nowMs + PATIENCE;
    delivery.giveUp = () => {
      isLate = true;
      stop.abort();
    };
    const attempt = send(delivery.target, delivery.sealed, stop.signal).then((status) => {
      this.#underWay.delete(attempt);
      this.#ended(delivery, {
        at: nowMs / 1000,
        status: isLate && status === "no_answer" ? "timeout" : status,
      });
    });
    this.#underWay.add(attempt);
  }

  #ended(delivery: Delivery, attempt: Attempt): void {
    const pause = PAUSES[delivery.attempts.length];
    delivery.attempts.push(attempt);
    if (attempt.status === 200) delivery.state = "delivered";
    else if (pause === undefined) delivery.state = "lost";
    else {
      delivery.state = "waiting";
      delivery.dueMs += pause;
    }
    if (delivery.state !== "waiting") this.#open.delete(delivery);
    if (this.#isClosed) return;
    this.#options.onNotification?.(toldOf(delivery));
    this.tick();
  }

  /** Nothing is sent any more, and what is being sent is broken off. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { giveUp } of this.#open) giveUp?.();
    await this.idle();
  }
}
