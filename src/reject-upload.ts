// How an application turns an upload away: the one thing it can throw that has the asset deleted.

/** What the message begins with: of an error from another Worker, some versions of the platform keep nothing else. */
const MARK = "RejectUpload: ";

/**
 * Thrown by `onUploaded`: the asset is deleted, and the client is told the reason. Whatever else is thrown leaves the
 * asset where it is, and the same confirmation may be asked for again.
 *
 * @example
 * if (await isOverQuota(subject)) throw new RejectUpload("your album is full");
 */
export class RejectUpload extends Error {
  override readonly name = "RejectUpload";
  constructor(reason: string) {
    super(MARK + reason);
  }
}

/** Longest reason that a client is told, in characters. */
const MAX_REASON = 200;

/** The message of what an application threw, if it is a text: anything can be thrown, with a message of any kind. */
export function messageOf(error: unknown): string | undefined {
  try {
    const { message } = error as Error;
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The reason of a `RejectUpload`, whichever copy of it, or Worker, it comes from; `undefined` of anything else. */
export function rejectionReason(error: unknown): string | undefined {
  const message = error instanceof Error ? messageOf(error) : undefined;
  if (message === undefined || !message.startsWith(MARK)) return undefined;
  const reason = message.replace(/^(RejectUpload: )+/, "").toWellFormed();
  return (
    reason
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
      .trim()
      .slice(0, MAX_REASON) || "the application does not take it"
  );
}
