// What the bench uses of autocannon 9, which has no types of its own.

declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  export interface Request {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }

  export interface Client {
    setRequests(requests: readonly Request[]): void;
  }

  export interface Result {
    /** Broken connections and timeouts. */
    readonly errors: number;
    readonly non2xx: number;
    readonly "2xx": number;
    readonly requests: { readonly sent: number };
  }

  export interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds; where `amount` is given, that decides. */
    readonly duration?: number;
    readonly amount?: number;
    /** How often it looks whether it is to stop, in milliseconds. */
    readonly sampleInt?: number;
    readonly setupClient?: (client: Client) => void;
  }

  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void,
  ): EventEmitter;
}
