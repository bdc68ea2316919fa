// What a signing request is answered with: the shapes that the Worker, the client and the page share.

/** Everything a client needs for one upload. */
export interface Ticket {
  /** Where to POST the form to. */
  readonly url: string;
  /** Every field of the form beside `file`, exactly as signed. */
  readonly fields: Readonly<Record<string, string>>;
  readonly signature: string;
  /** Unix seconds; lies in the past where the profile has a `ttl` below an hour. */
  readonly timestamp: number;
  readonly api_key: string;
  readonly cloud_name: string;
  /** Unix seconds after which Cloudinary takes the signature no more. */
  readonly expires_at: number;
}

/** The answer to a component that chose the parameters itself. */
export type DropInAnswer = Pick<Ticket, "signature" | "timestamp" | "api_key" | "cloud_name">;
