// A page of a caller who signed in, with a component that is given a link. The token is in the page's address.

import { memberEndpoint } from "doc:For callers who signed in";
import { generateSignatureCallback, getUploadWidgetOptions } from "@cloudinary-util/url-loader";
import { button, results } from "./widget.js";

const { token, cloudName, apiKey, ...chosen } = Object.fromEntries(
  new URLSearchParams(location.hash.slice(1)),
);

button(async () => {
  const uploadSignature = generateSignatureCallback({
    signatureEndpoint: await memberEndpoint(token),
    fetch,
  });
  const options = getUploadWidgetOptions({ uploadSignature, ...chosen }, { cloud: { cloudName, apiKey } });
  return globalThis.cloudinary.createUploadWidget(options, results);
});
