// What a signing request is answered with: the shapes that the Worker, the client and the page share, and what a ticket
// says of itself.

/** Everything a client needs for one upload, or for one request of another method. */
export interface Ticket {
  /** Where to POST the form to. Its end is the method: `upload` takes a file beside the fields, no other does. */
  readonly url: string;
  /** Every field of the form beside `file`, exactly as signed. */
  readonly fields: Readonly<Record<string, string>>;
  /** Hex, by SHA-256 or SHA-1; `fields` has it too. */
  readonly signature: string;
  /** Unix seconds; lies in the past where the profile has a `ttl` below an hour. */
  readonly timestamp: number;
  /** The account's API key, which is public. */
  readonly api_key: string;
  /** The account's cloud name, which stands in delivery URLs. */
  readonly cloud_name: string;
  /** Unix seconds after which Cloudinary takes the signature no more. */
  readonly expires_at: number;
  /** Says which upload this is, where the profile has `file` or a `ttl` over an hour: to confirm it, or to renew the ticket. */
  readonly upload_id?: string;
}

/** The answer to `files`: a ticket for each, in order. */
export interface Tickets {
  /** In the order of `files`. */
  readonly tickets: readonly Ticket[];
}

/** The ends of the addresses of methods that take no file. */
const WITHOUT_FILE = /\/(destroy|rename|explicit|tags|context|metadata|generate_archive)$/;

/** Whether a ticket's form takes a file: unless its address is another method's, which a proxy's need not be. */
export const takesFile = ({ url }: Pick<Ticket, "url">): boolean => !WITHOUT_FILE.test(url);

/** The answer to a component that chose the parameters itself. */
export type DropInAnswer = Pick<Ticket, "signature" | "timestamp" | "api_key" | "cloud_name">;
