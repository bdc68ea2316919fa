import Uppy, { type Body, type Meta } from "@uppy/core";
import XHRUpload from "@uppy/xhr-upload";

/** An Uppy that gets a ticket for each file, and sends the file with exactly the ticket's fields. */
export function signedUppy(signer: string, params: object): Uppy<Meta, Body> {
  const uppy = new Uppy<Meta, Body>();
  uppy.use(XHRUpload, {
    endpoint: "", // each file brings its own
    shouldRetry: ({ status }) => status === 0 || status >= 500,
    onAfterResponse: ({ status, responseText }) => {
      if (status >= 400) throw new Error(JSON.parse(responseText).error.message);
    },
  });
  const prepare = async (id: string) => {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify({ params }) };
    const response = await fetch(`${signer}/sign`, request);
    const { url, fields, detail } = await response.json();
    if (!response.ok) throw new Error(detail);
    uppy.setFileMeta(id, fields);
    uppy.setFileState(id, { xhrUpload: { endpoint: url, allowedMetaFields: Object.keys(fields) } });
  };
  const failed = (id: string) => (error: Error) => void uppy.emit("upload-error", uppy.getFile(id), error);
  uppy.addPreProcessor((ids) => Promise.all(ids.map((id) => prepare(id).catch(failed(id)))));
  return uppy;
}

// The rest is the test's page.

import Dashboard from "@uppy/dashboard";

const { signer = "", params = "{}" } = Object.fromEntries(new URLSearchParams(location.search));
signedUppy(signer, JSON.parse(params)).use(Dashboard, { inline: true, target: document.body });
