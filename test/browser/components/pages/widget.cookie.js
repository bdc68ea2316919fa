// A page of a caller who signed in with a cookie.

import { sign } from "doc:For callers who signed in#1";
import { button, results } from "./widget.js";

const { folder, cloudName, apiKey } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const uploadSignature = async (callback, paramsToSign) => {
  const { signature } = await sign(paramsToSign).catch(() => ({}));
  callback(signature);
};

button(() =>
  globalThis.cloudinary.createUploadWidget({ cloudName, apiKey, folder, uploadSignature }, results),
);
