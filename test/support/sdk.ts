// The judge: the official SDK. Both optional arguments are given, so that it reads no environment.

import { v2 as cloudinary } from "cloudinary";

type Params = Record<string, unknown>;

/** The SDK's signature over `params` (signature version 2). */
export function sdkSignature(params: Params, secret: string, algorithm: "sha1" | "sha256"): string {
  const sign = cloudinary.utils.api_sign_request as (
    params: Params,
    secret: string,
    algorithm: string,
    version: number,
  ) => string;
  return sign({ ...params }, secret, algorithm, 2);
}
