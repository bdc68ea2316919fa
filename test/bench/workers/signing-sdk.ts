// The official SDK's function, which waits for nothing.

import { v2 as cloudinary } from "cloudinary";
import { API_SECRET } from "../account.ts";
import { type ParameterSet, SETS } from "../parameter-sets.ts";
import { loopWorker } from "./signing-loop.ts";

const sign = cloudinary.utils.api_sign_request as (
  params: ParameterSet,
  secret: string,
  algorithm: string,
) => string;

export default loopWorker({
  async api_sign_request({ sets, algorithm, count }) {
    const last: string[] = [];
    for (let i = 0; i < count; i++) last[i % SETS] = sign(sets[i % SETS]!, API_SECRET, algorithm);
    return last;
  },
});
