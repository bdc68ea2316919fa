// Tickets for files that wait: one request for all that ask for the same, and another one for those whose turn comes when
// their ticket is too old.

import { MAX_FILES } from "../policy/profile.ts";
import type { Ticket } from "../tickets/ticket.ts";
import { requestTickets } from "./ask-ticket.ts";
import { UploadError } from "./errors.ts";
import { type HeldTicket, hold, isEnding } from "./held-ticket.ts";
import { knownProfile } from "./known-profiles.ts";
import { untilAborted, withRetries } from "./retry.ts";
import type { UploadOptions } from "./upload-options.ts";

/** What a request brought a file: a ticket, or why there is none. */
type Outcome = { readonly held: HeldTicket } | { readonly error: unknown };

/** A file that waits for its turn, or is on its way. */
interface Place {
  readonly file: Blob;
  readonly options: UploadOptions;
  readonly group: Group;
  /** Whether it has no ticket yet, or wants another one. */
  wants: boolean;
  /** The request in which it is asked for, and what the last one brought. */
  request?: Request | undefined;
  outcome?: Outcome | undefined;
}

/** Files whose tickets are asked for in the same words. */
interface Group {
  readonly key: string;
  readonly token: UploadOptions["token"];
  /** In order. */
  readonly places: Set<Place>;
  /** Most files of one request: as far as it is known. */
  most: number;
}

/** A request, for as many files as have not left. */
interface Request {
  left: number;
  readonly stop: AbortController;
  /** Rejects never: nobody may be there to hear it. */
  readonly done: Promise<void>;
}

/** A file's own way to its tickets. */
export interface TicketPlace {
  /** A ticket that is fresh, each time another. */
  next(): Promise<Ticket>;
  /** No more is asked for. */
  leave(): void;
}

/** A ticket is not used in its last seconds: what it is for has to arrive before its end. */
const LAST_SECONDS = 5;

export function ticketBatches(): (file: Blob, options: UploadOptions) => TicketPlace {
  const groups = new Set<Group>();
  function groupOf(options: UploadOptions): Group {
    const { signer, profile, params, headers, credentials, token } = options;
    const key = JSON.stringify([String(signer), profile, params, headers, credentials]);
    const found = [...groups].find((one) => one.key === key && one.token === token);
    const most = knownProfile(options)?.file?.maxFiles ?? MAX_FILES;
    const group = found ?? { key, token, places: new Set(), most };
    groups.add(group);
    return group;
  }
  return (file, options) => {
    const group = groupOf(options);
    const place: Place = { file, options, group, wants: true };
    group.places.add(place);
    return {
      next: () => untilAborted(nextTicket(place), options.signal),
      leave: () => {
        group.places.delete(place);
        if (group.places.size === 0) groups.delete(group);
        const { request } = place;
        if (request !== undefined && --request.left === 0) request.stop.abort();
      },
    };
  };
}

async function nextTicket(place: Place): Promise<Ticket> {
  place.wants = true;
  for (;;) {
    place.options.signal?.throwIfAborted();
    const { outcome } = place;
    if (outcome === undefined) {
      if (place.request === undefined) ask(place);
      // Where it brings nothing, it is asked again.
      await place.request!.done;
      continue;
    }
    place.outcome = undefined;
    if ("error" in outcome) throw outcome.error;
    if (!isTooOld(outcome)) {
      place.wants = false;
      return outcome.held.ticket;
    }
    // More were asked for than could be used in time.
    place.group.most = Math.ceil(place.group.most / 2);
  }
}

const isTooOld = (outcome: Outcome): boolean => "held" in outcome && isEnding(outcome.held, LAST_SECONDS);

/** Asks for a place, and for those after it that have no ticket either, or one that is too old by now. */
function ask(place: Place): void {
  const { group } = place;
  const others = [...group.places].filter(
    ({ wants, request, outcome }) =>
      wants && request === undefined && (outcome === undefined || isTooOld(outcome)),
  );
  const batch = [place, ...others.filter((one) => one !== place)].slice(0, group.most);
  const stop = new AbortController();
  const done = outcomesOf(batch, group, stop.signal).then((outcomes) => {
    batch.forEach((one, index) => {
      one.request = undefined;
      one.outcome = outcomes[index];
    });
  });
  const request = { left: batch.length, stop, done };
  for (const one of batch) one.request = request;
}

/** What one request brings, in the order of its files; those for which it brings nothing ask again. */
async function outcomesOf(
  batch: readonly Place[],
  group: Group,
  signal: AbortSignal,
): Promise<readonly (Outcome | undefined)[]> {
  const options = { ...batch[0]!.options, signal };
  let asked = batch;
  const request = async (): Promise<readonly Ticket[]> => {
    asked = batch.slice(0, group.most);
    try {
      return await requestTickets(
        options,
        asked.map(({ file }) => file),
      );
    } catch (error) {
      // Each file counts at a limiter: fewer may be within it.
      if (isOf(error, "rate_limited")) group.most = Math.ceil(asked.length / 4);
      throw error;
    }
  };
  try {
    const tickets = await withRetries(request, options);
    // A route of one's own, that answers with one.
    if (tickets.length < asked.length) group.most = tickets.length;
    return tickets.map((ticket) => ({ held: hold(ticket) }));
  } catch (error) {
    if (isOf(error, "file_refused") && asked.length > 1) return withoutRefused(error, asked.length, group);
    const isForAll = error instanceof UploadError && !error.retryable;
    return isForAll ? batch.map(() => ({ error })) : [{ error }];
  }
}

const isOf = (error: unknown, code: UploadError["code"]): error is UploadError =>
  error instanceof UploadError && error.code === code;

/** Those that were refused hear it, each its own; the others ask again, no more at once than may be. */
function withoutRefused(error: UploadError, count: number, group: Group): readonly (Outcome | undefined)[] {
  const outcomes: (Outcome | undefined)[] = Array.from({ length: count });
  const errors = error.problem?.errors ?? [];
  if (errors.length === 0) return [{ error }];
  for (const refused of errors) {
    const index = Number(/^files\[(\d+)\]$/.exec(refused.param)?.[1]);
    if (!(index < count)) return [{ error }];
    if (refused.code === "too_many") group.most = Math.max(index, 1);
    else outcomes[index] = { error: refusalOfOne(error, refused) };
  }
  return outcomes;
}

type RefusedOne = NonNullable<NonNullable<UploadError["problem"]>["errors"]>[number];

/** The refusal of one file of many, as if it had been asked for alone. */
function refusalOfOne({ status, problem }: UploadError, refused: RefusedOne): UploadError {
  const own = { ...refused, param: "files[0]" } as RefusedOne;
  const { detail } = own;
  return new UploadError(detail, {
    ...{ code: "file_refused", status },
    problem: { ...problem!, detail, errors: [own] },
  });
}
