// What `replay` tells of dead letters: whose they are, and what became of each. Never what they hold, unless it is asked.

import { DrawnLines } from "./drawn-lines.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import type { Letter } from "./queues-api.ts";
import { plain } from "./terminal.ts";

export interface ReplayOptions {
  /** The wrangler.toml. */
  readonly config: string;
  readonly env?: string;
  /** Most letters that are replayed, or looked at. */
  readonly limit: number;
  /** Lists what is there, and changes nothing. */
  readonly dryRun?: boolean;
  /** Prints what the letters hold. */
  readonly print?: boolean;
  readonly json?: boolean;
}

/** What is wrong with a letter of another's. */
export const UNREADABLE = "it is no JSON and no text";

type State = "replayed" | "left" | "there";

const SIGNS: Readonly<Record<State, string>> = { replayed: "✓", left: "✗", there: "·" };

/** A letter for machines; of a notification, what names it. */
function toldOf({ content, id, attempts, at }: Letter, state: State, print: boolean, problem?: string) {
  const held = content?.body as Readonly<Record<string, unknown>> | null | undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    state,
    message: id,
    notification: text(held?.id),
    type: text(held?.type),
    profile: text(held?.profile),
    at: at > 0 && at < 8.64e15 ? new Date(at).toISOString() : null,
    attempts,
    ...(problem !== undefined && { problem }),
    ...(print && { body: content?.body ?? null }),
  };
}

type Told = ReturnType<typeof toldOf>;

const lineOf = ({ state, message, notification, type, profile, at, problem }: Told): string => {
  const what = notification === null ? `message ${message}` : `${type ?? "no type"} ${notification}`;
  const parts = [what, profile && `profile ${profile}`, at && `of ${at}`, problem && `left: ${problem}`];
  return `${SIGNS[state]} ${plain(parts.filter(Boolean).join(", "))}`;
};

export class ReplayReport {
  readonly #names: { readonly queue: string; readonly dead: string };
  readonly #options: ReplayOptions;
  readonly #io: Io;
  /** How many were there at first, roughly. */
  readonly #backlog: number;
  readonly #told: Told[] = [];
  readonly #lines: DrawnLines;

  constructor(
    names: { readonly queue: string; readonly dead: string },
    options: ReplayOptions,
    io: Io,
    backlog: number,
  ) {
    this.#names = names;
    this.#options = options;
    this.#io = io;
    this.#backlog = backlog;
    const total = Math.min(backlog, options.limit);
    this.#lines = new DrawnLines(options.json || options.dryRun ? undefined : io.terminal, () => [
      `  ${this.count} of about ${total}`,
    ]);
  }

  /** How many were replayed. */
  get count(): number {
    return this.#told.filter(({ state }) => state === "replayed").length;
  }

  #tell(letter: Letter, state: State, problem?: string): void {
    const { json = false, print = false } = this.#options;
    const told = toldOf(letter, state, print, problem);
    this.#told.push(told);
    if (json) return;
    this.#lines.print(() => {
      this.#io.out(lineOf(told));
      if (print) this.#io.out(`  ${jsonText(told.body, "line")}`);
    });
  }

  replayed(letter: Letter): void {
    this.#tell(letter, "replayed");
  }

  left(letter: Letter, problem: string): void {
    this.#tell(letter, "left", problem);
  }

  there(letter: Letter): void {
    this.#tell(letter, "there", letter.content === undefined ? UNREADABLE : undefined);
  }

  clear(): void {
    this.#lines.clear();
  }

  /** Says how it ended; answers the exit code. */
  end(): number {
    const { queue, dead } = this.#names;
    const { json, dryRun, limit } = this.#options;
    const { length } = this.#told;
    const count = this.count;
    // While something is still there, somebody has to look after it.
    const isAll = dryRun ? length === 0 : count === length && length < limit;
    if (json) {
      this.#io.out(
        jsonText({ ok: isAll, queue, dead_letter_queue: dead, replayed: count, letters: this.#told }),
      );
    } else if (dryRun) {
      const about = this.#backlog > length ? `, of about ${this.#backlog}` : "";
      this.#io.err(length === 0 ? `nothing in ${dead}` : `${length} in ${dead}${about}`);
    } else {
      const more = count === length && !isAll ? "; there may be more, run it again" : "";
      const rest = length > count ? `; ${length - count} left in ${dead}` : "";
      this.#io.err(`${count} replayed from ${dead} into ${queue}${rest}${more}`);
    }
    return isAll ? 0 : 1;
  }
}
