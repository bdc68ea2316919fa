import type { FilePondOptions, ProcessServerConfigFunction } from "filepond";

/** FilePond's options for files that go to Cloudinary, each with a ticket of its own. */
export function signedFilePond(signer: string, params: object): FilePondOptions {
  const process: ProcessServerConfigFunction = (_name, file, _metadata, load, error, progress, abort) => {
    const [xhr, stop] = [new XMLHttpRequest(), new AbortController()];
    const send = async () => {
      const [headers, body] = [{ "content-type": "application/json" }, JSON.stringify({ params })];
      const response = await fetch(`${signer}/sign`, { method: "POST", headers, body, signal: stop.signal });
      const { url, fields, detail } = await response.json();
      if (!response.ok) throw new Error(detail);
      const form = new FormData();
      for (const name in fields) form.append(name, fields[name]);
      form.append("file", file, file.name);
      xhr.open("POST", url);
      xhr.upload.onprogress = (event) => progress(event.lengthComputable, event.loaded, event.total);
      xhr.onload = () => {
        const { public_id, error: refusal } = JSON.parse(xhr.responseText);
        refusal ? error(refusal.message) : load(public_id);
      };
      xhr.onerror = () => error("Cloudinary was not reached");
      xhr.send(form);
    };
    send().catch(({ message }) => stop.signal.aborted || error(message));
    return { abort: () => [stop.abort(), xhr.abort(), abort()] };
  };
  return { server: { process }, allowRevert: false, labelFileProcessingError: ({ body }) => body };
}

// The rest is the test's page.

import { create } from "filepond";

const { signer = "", params = "{}" } = Object.fromEntries(new URLSearchParams(location.search));
const input = document.body.appendChild(document.createElement("input"));
input.type = "file";
input.multiple = true;
const options = signedFilePond(signer, JSON.parse(params));
const { process } = options.server as { process: ProcessServerConfigFunction };
/** What FilePond is told of the progress: `[computable, loaded, total]`. */
const told: unknown[] = [];
const overheard: ProcessServerConfigFunction = (name, file, metadata, load, error, progress, ...rest) =>
  process(
    name,
    file,
    metadata,
    load,
    error,
    (...progressed) => {
      told.push(progressed);
      progress(...progressed);
    },
    ...rest,
  );
// FilePond stretches short uploads, so that people see them; its types do not know the option.
const swift = { allowMinimumUploadDuration: false };
create(input, { ...options, ...swift, server: { process: overheard } });
Object.assign(globalThis, { told });
