import { createWorker } from "cloudinary-edge-signer/worker";
import config from "../signer.config.ts";
export default createWorker(config);
