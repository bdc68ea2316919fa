// Who shows a token: keys and tokens of each algorithm, and the key set on a server of this machine.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AUDIENCE,
  ISSUER,
  type Key,
  makeKey,
  now,
  SHARED_SECRET,
  sign,
  signShared,
} from "../access/identity.ts";
import type { Plain } from "../support/definition.ts";
import { CAREFUL_BINDINGS, signer } from "./contenders.ts";
import { PROFILE } from "./site.ts";
import type { Bindings } from "./workerd.ts";

/**
 * How many different tokens a cold caller's are taken from, in turn: more than any cache of tokens would hold.
 * Fewer of RS256, which are dear to make.
 */
const POOL = { HS256: 20_000, ES256: 20_000, RS256: 8_000 } as const;

export type TokenAlgorithm = keyof typeof POOL;
export const TOKEN_ALGORITHMS = Object.keys(POOL) as TokenAlgorithm[];

/** Tokens of one algorithm, and the bindings of the signers that take them. */
export interface Identity {
  readonly tokens: readonly string[];
  /** Of ours. */
  readonly bindings: Bindings;
  /** Of the careful recipe. */
  readonly careful: Bindings;
}

/** How long a token is good, in seconds: longer than the bench runs. */
const LIFE = 3600;

const claims = (subject: number) => ({ sub: `user-${subject}`, exp: now() + LIFE });

export async function identity(
  algorithm: TokenAlgorithm,
  keySets: KeySets,
  tokens: number = POOL[algorithm],
): Promise<Identity> {
  const subjects = Array.from({ length: tokens }, (_, i) => i);
  const way = { type: "jwt", issuer: ISSUER, audience: AUDIENCE } as const;
  if (algorithm === "HS256") {
    return {
      tokens: await Promise.all(subjects.map((subject) => signShared(claims(subject)))),
      bindings: forMembers({ ...way, secret: "JWT_SECRET" }, { JWT_SECRET: SHARED_SECRET }),
      careful: { ...CAREFUL_BINDINGS, JWT_SECRET: SHARED_SECRET },
    };
  }
  const key = await makeKey("bench", algorithm);
  const jwks = keySets.serve(algorithm, key);
  return {
    tokens: await Promise.all(subjects.map((subject) => sign(key, claims(subject)))),
    bindings: forMembers({ ...way, jwks }),
    careful: { ...CAREFUL_BINDINGS, JWKS_URL: jwks },
  };
}

/** The profile of the public row, for members: their own folder. */
function forMembers(members: NonNullable<Plain["access"]>[string], secrets: Bindings = {}): Bindings {
  const profile = { ...PROFILE, access: ["members"], set: { ...PROFILE.set, folder: "users/{sub}" } };
  return signer({ access: { members }, profiles: { default: profile } }, secrets);
}

/** The key sets of the algorithms, over HTTP on this machine. */
export class KeySets {
  readonly #sets = new Map<string, string>();
  readonly #server = createServer((request, response) => {
    response.setHeader("content-type", "application/json").end(this.#sets.get(request.url ?? ""));
  });

  async start(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  /** The address of a key set that holds this key. */
  serve(name: string, { jwk }: Key): string {
    this.#sets.set(`/${name}`, JSON.stringify({ keys: [jwk] }));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
