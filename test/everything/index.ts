import { createWorker } from "../../src/worker.ts";
import config from "./signer.config.ts";

const worker = createWorker(config);
export default worker;
export const { Signer } = worker;
