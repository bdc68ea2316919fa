import Uppy from "@uppy/core";
import Dashboard from "@uppy/dashboard";
import XHRUpload from "@uppy/xhr-upload";
import "@uppy/core/css/style.min.css";
import "@uppy/dashboard/css/style.min.css";

const signer = import.meta.env.VITE_SIGNER_URL ?? "http://localhost:8787";

type Asset = { secure_url: string };

const uppy = new Uppy<Record<string, string>, Asset>({ restrictions: { allowedFileTypes: ["image/*"] } })
  .use(Dashboard, { inline: true, target: "#uppy" })
  .use(XHRUpload, {
    endpoint: "", // the ticket's, below
    shouldRetry: ({ status }) => status === 0 || status >= 500,
    onAfterResponse: ({ status, responseText }) => {
      if (status >= 400) throw new Error(JSON.parse(responseText).error.message);
    },
  });

// A ticket for each file: exactly its fields are sent, beside the file.
uppy.addPreProcessor(async (fileIds) => {
  await Promise.all(fileIds.map(addTicket));
});

async function addTicket(id: string) {
  try {
    const answer = await fetch(`${signer}/sign`, { method: "POST" });
    const ticket = await answer.json();
    if (!ticket.fields) throw new Error(ticket.detail); // a refusal says what is wrong
    uppy.setFileMeta(id, ticket.fields);
    uppy.setFileState(id, {
      xhrUpload: { endpoint: ticket.url, allowedMetaFields: Object.keys(ticket.fields) },
    });
  } catch (error) {
    uppy.emit("upload-error", uppy.getFile(id), error as Error);
  }
}

uppy.on("upload-success", (_file, { body }) => {
  const image = new Image(320);
  image.alt = "";
  image.src = body?.secure_url ?? "";
  document.querySelector("#pictures")?.append(image);
});

// The Dashboard says which file failed; this says why.
uppy.on("upload-error", (_file, { message }) => uppy.info(message, "error"));
