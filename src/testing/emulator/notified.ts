// What the emulator tells of notifications, and how it is told to send them; by itself, so that the types of the package
// bring nothing of Node with them.

/** One try to hand a notification over. */
export interface Attempt {
  /** Unix seconds, by the emulator's clock. */
  readonly at: number;
  /** What was answered; `timeout` is nothing within 20 seconds, `no_answer` no connection or one that broke. */
  readonly status: number | "timeout" | "no_answer";
}

/** One notification to one address. */
export interface Notified {
  /** Its `notification_type`. */
  readonly type: string;
  /** Of the asset that it is about. */
  readonly publicId?: string;
  readonly url: string;
  /** As it is sent, byte for byte. */
  readonly body: string;
  /**
   * `waiting` for the clock, `sending`, `delivered` (200 was answered), `lost` (four attempts were in vain), or `withheld`:
   * its address is not of this machine, and nothing was sent.
   */
  readonly state: "waiting" | "sending" | "delivered" | "lost" | "withheld";
  readonly attempts: readonly Attempt[];
  /** Of what waits: when it is sent, in Unix seconds by the emulator's clock. */
  readonly due?: number;
}

/** How notifications are sent from now on. What is not named stays as it is. */
export interface WebhookSettings {
  /** The account's own addresses, for whatever names no `notification_url`. At first there are none. */
  readonly urls?: readonly string[] | undefined;
  /** How many times each is sent, the same bytes each time; at first 1. */
  readonly times?: number | undefined;
  /** How many seconds late, by the emulator's clock; at first 0. Its timestamp is that of the event. */
  readonly delay?: number | undefined;
  /** What is sent instead of the body, where `{{public_id}}` stands for the body's `public_id`; `null` ends it. */
  readonly template?: string | null | undefined;
  /** The hash of the signatures, a setting of the account; at first `sha1`. */
  readonly algorithm?: "sha1" | "sha256" | undefined;
}

/** What is to be notified as if it had happened, of any type, one that nobody knows too. */
export interface Happening {
  /** Its `notification_type`. */
  readonly type: string;
  /** An asset that is held, whose facts are in the body. */
  readonly public_id?: string | undefined;
  /** Members of the body, beside those that its type has, or in their place. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  /** Where it goes; default the asset's `notification_url`, or else the account's addresses. */
  readonly url?: string | undefined;
}
