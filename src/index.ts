// This repository's own Worker: the package's, over the policy beside it.

import config from "../signer.config.ts";
import { createWorker } from "./worker.ts";

const worker = createWorker(config);
export default worker;
export const { Signer } = worker;
