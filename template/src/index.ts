import { createWorker } from "cloudinary-edge-signer/worker";
import config from "../signer.config.ts";

const worker = createWorker(config);
export default worker;
export const { Signer } = worker; // for your other Workers, by a service binding
