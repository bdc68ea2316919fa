// A stand-in for the phone that React Native runs on: its FormData writes parts (packages/react-native/Libraries/Network/
// FormData.js, 0.88.1), and native code sends them, a file by its `uri`. `fetch` refuses what the native side could not
// send, and `Alert` writes to the terminal what a person would read.

import type { Ran, Scene } from "./scene.ts";

const PHONE = `
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

globalThis.FormData = class {
  parts = [];
  append(name, value) {
    const disposition = 'form-data; name="' + name + '"';
    if (typeof value === "object" && value !== null) {
      const file = value.name === undefined ? "" : '; filename="' + encodeURIComponent(value.name.replace(/\\//g, "_")) + '"';
      this.parts.push({ head: disposition + file + "\\r\\ncontent-type: " + value.type, uri: value.uri });
    } else this.parts.push({ head: disposition, string: String(value) });
  }
};

const { fetch } = globalThis;
globalThis.fetch = async (url, init) => {
  if (!(init.body instanceof FormData)) return fetch(url, init);
  if (init.headers) throw new Error("a type without its boundary");
  const boundary = randomUUID();
  const chunks = [];
  for (const { head, uri, string } of init.body.parts) {
    chunks.push("--" + boundary + "\\r\\ncontent-disposition: " + head + "\\r\\n\\r\\n");
    chunks.push(uri === undefined ? string : await readFile(new URL(uri)), "\\r\\n");
  }
  chunks.push("--" + boundary + "--\\r\\n");
  const headers = { "content-type": "multipart/form-data; boundary=" + boundary };
  return fetch(url, { ...init, headers, body: Buffer.concat(chunks.map((one) => Buffer.from(one))) });
};
`;

const REACT_NATIVE = `export const Alert = { alert: (title, text) => console.log(title + ": " + text) };`;

/** Runs the snippet with the scene's file, as an image picker answers it. */
export async function onPhone(scene: Scene, params: object): Promise<Ran> {
  await scene.write("node_modules/react-native/package.json", '{"type":"module","main":"index.js"}');
  await scene.write("node_modules/react-native/index.js", REACT_NATIVE);
  await scene.write("phone.mjs", PHONE);
  await scene.write("upload.mjs", scene.snippet());
  const call = `import "./phone.mjs";
    import { pathToFileURL } from "node:url";
    import { upload } from "./upload.mjs";
    await upload({ uri: pathToFileURL(process.argv[2]).href, fileName: "a photo.jpg" }, JSON.parse(process.argv[3]));`;
  return scene.run("node", [await scene.write("app.mjs", call), scene.file, JSON.stringify(params)]);
}
