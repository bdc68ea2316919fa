// A STAND-IN for Cloudinary's Upload Widget, whose script (https://upload-widget.cloudinary.com/latest/global/all.js)
// is served by Cloudinary alone and is in no package. It holds the documented contract between a page and the
// widget, and is stricter than the widget: what the documentation does not know is an error here.
//
// Sources: https://cloudinary.com/documentation/upload_widget_reference (options, instance methods, events),
// https://cloudinary.com/documentation/upload_widget (signed uploads), and the types in `@cloudinary-util/types`.
// Assumed, since no document tells: tags and context are signed in the form in which they are sent,
// `uploadSignature` is asked once for each file, and an upload without a signature ends with the text below. In a copy
// of the widget's loader 2.0, which is years old, both functions were asked with whatever the widget's frame sent, and
// the frame did not know which of them there was: so a list may reach `uploadSignature` too, which is not tried here.
// With `cropping` it acts as if the user had drawn one box, and sends it as https://github.com/cloudinary/cloudinary_npm
// issue 154 shows it; the dialog for it, the look, and sources other than a file are left out.

(() => {
  const text = (value) => typeof value === "string" && value !== "";
  const flag = (value) => typeof value === "boolean";
  const call = (value) => typeof value === "function";
  const record = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const texts = (value) => Array.isArray(value) && value.every(text);

  /** Parameters of the upload: the type of the option, the name of the field, and the text in it. */
  const PARAMETERS = {
    folder: [text, "folder", String],
    publicId: [text, "public_id", String],
    tags: [texts, "tags", (value) => value.join(",")],
    context: [
      (value) => record(value) && Object.values(value).every(text),
      "context",
      (value) =>
        Object.entries(value)
          .map(([key, of]) => `${key}=${of.replace(/[=|]/g, "\\$&")}`)
          .join("|"),
    ],
    uploadPreset: [text, "upload_preset", String],
  };
  const OPTIONS = {
    ...Object.fromEntries(Object.entries(PARAMETERS).map(([name, [type]]) => [name, type])),
    cloudName: text,
    apiKey: text,
    uploadSignature: call,
    prepareUploadParams: call,
    resourceType: (value) => ["auto", "image", "video", "raw"].includes(value),
    sources: texts,
    multiple: flag,
    cropping: flag,
    singleUploadAutoClose: flag,
  };
  /** What `prepareUploadParams` may answer for a file. */
  const PREPARED = {
    ...Object.fromEntries(Object.entries(PARAMETERS).map(([name, [type]]) => [name, type])),
    signature: text,
    apiKey: text,
    uploadSignatureTimestamp: Number.isSafeInteger,
  };

  /** The first thing wrong with an object, or nothing. An option that is undefined is one that is not given. */
  function fault(types, values) {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue;
      if (!Object.hasOwn(types, name)) return `${name} is unknown`;
      if (!types[name](value)) return `${name} is of the wrong type`;
    }
  }

  /** Upload parameters in the words of the upload API. */
  function fieldsOf(values) {
    const fields = {};
    for (const [name, [, field, write]] of Object.entries(PARAMETERS))
      if (values[name] !== undefined) fields[field] = write(values[name]);
    return fields;
  }

  function createUploadWidget(options, resultCallback = () => {}) {
    const wrong = fault(OPTIONS, options) ?? (text(options.cloudName) ? undefined : "cloudName is missing");
    if (wrong) throw new TypeError(`Upload Widget: ${wrong}`);
    let settings = { multiple: true, resourceType: "auto", ...options };
    if (settings.cropping && settings.multiple)
      throw new TypeError("Upload Widget: cropping is for one file, so multiple is false");
    let destroyed = false;
    let minimized = false;

    const dialog = document.createElement("dialog");
    const input = document.createElement("input");
    const alert = document.createElement("p");
    input.type = "file";
    input.ariaLabel = "Widget file";
    alert.role = "alert";
    dialog.append(input, alert);
    input.addEventListener("change", () => uploadAll([...input.files]));

    const tell = (event, info) => resultCallback(null, { event, info });

    /** Asks the page for what each file is uploaded with. */
    function prepare(files) {
      const timestamp = Math.floor(Date.now() / 1000);
      const box = settings.cropping && { custom_coordinates: "35,39,612,706" };
      const params = files.map(() => ({ ...fieldsOf(settings), ...box, source: "uw", timestamp }));
      const ask = settings.prepareUploadParams ?? settings.uploadSignature;
      if (!ask) return Promise.resolve(params.map((fields) => ({ fields, prepared: {} })));
      // `prepareUploadParams` is asked once for all files, `uploadSignature` once for each.
      const asked = settings.prepareUploadParams ? [params.length === 1 ? params[0] : params] : params;
      const answers = asked.map(
        (request) =>
          new Promise((resolve) => ask((answer) => resolve([answer].flat()), structuredClone(request))),
      );
      return Promise.all(answers).then((lists) => {
        const flat = lists.flat();
        return params.map((fields, n) => ({
          fields,
          prepared: typeof flat[n] === "string" ? { signature: flat[n] } : flat[n],
        }));
      });
    }

    async function upload(file, { fields, prepared }) {
      const signed = settings.prepareUploadParams ?? settings.uploadSignature;
      if (signed && !(record(prepared) && text(prepared.signature))) throw "No signature was given";
      const wrong = fault(PREPARED, prepared);
      if (wrong) throw `The prepared parameters are wrong: ${wrong}`;
      const { signature, apiKey = settings.apiKey, uploadSignatureTimestamp = fields.timestamp } = prepared;
      const sent = { ...fields, ...fieldsOf(prepared) };
      if (signed) Object.assign(sent, { timestamp: uploadSignatureTimestamp, api_key: apiKey, signature });
      const form = new FormData();
      for (const [name, value] of Object.entries(sent)) form.append(name, value);
      form.append("file", file);
      const address = `https://api.cloudinary.com/v1_1/${settings.cloudName}/${settings.resourceType}/upload`;
      const answer = await fetch(address, { method: "POST", body: form });
      const body = await answer.json();
      if (!answer.ok) throw body.error.message;
      return body;
    }

    async function uploadAll(files) {
      alert.textContent = "";
      for (const { name, size, type } of files) tell("upload-added", { file: { name, size, type } });
      tell("queues-start");
      const uploads = await prepare(files);
      const ended = await Promise.all(
        files.map(async (file, n) => {
          try {
            const uploadInfo = await upload(file, uploads[n]);
            tell("success", uploadInfo);
            return { name: file.name, status: "success", failed: false, uploadInfo };
          } catch (reason) {
            alert.textContent = `${file.name}: ${reason}`;
            resultCallback({ status: String(reason), statusText: String(reason) }, null);
            return { name: file.name, status: String(reason), failed: true };
          }
        }),
      );
      tell("queues-end", { files: ended });
    }

    function show() {
      if (destroyed) throw new Error("Upload Widget: it was destroyed");
      minimized = false;
      input.multiple = settings.multiple;
      document.body.append(dialog);
      dialog.show();
      tell("display-changed", "shown");
    }
    function hide() {
      dialog.close();
      tell("display-changed", "hidden");
    }

    return {
      open: show,
      show,
      hide,
      close() {
        dialog.close();
        tell("close", { message: "user closed the widget" });
      },
      minimize() {
        minimized = true;
        dialog.close();
        tell("display-changed", "minimized");
      },
      update(changed) {
        const wrong = fault(OPTIONS, changed);
        if (wrong) throw new TypeError(`Upload Widget: ${wrong}`);
        settings = { ...settings, ...changed };
      },
      isShowing: () => dialog.open,
      isMinimized: () => minimized,
      isDestroyed: () => destroyed,
      async destroy() {
        destroyed = true;
        dialog.remove();
      },
    };
  }

  globalThis.cloudinary = { createUploadWidget };
})();
