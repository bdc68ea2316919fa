// What holds the secret itself, and so asks no signer: the emulator alone.

import { spawn } from "node:child_process";
import { openAsBlob } from "node:fs";
import type { AnyClient, Client } from "./client.ts";
import { environmentOf } from "./snippets.ts";

const multer: Client = {
  name: "multer-storage-cloudinary",
  group: "secret",
  set: "`CLOUDINARY_URL`, with `?upload_prefix=` of the emulator",
  version: async (scene) =>
    (await Promise.all(["multer-storage-cloudinary", "multer", "cloudinary"].map(scene.versionOf))).join(
      ", ",
    ),
  upload: async (scene) => {
    const written = scene.snippet(1).replace("app.listen(process.env.PORT ?? 3000);", LISTEN);
    const app = await scene.write("app.js", written);
    const server = spawn(process.execPath, [app], {
      env: { ...process.env, ...environmentOf(scene.snippet()) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const port = await new Promise<string>((resolve, reject) => {
        server.stdout.once("data", (text) => resolve(String(text).trim()));
        server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
      });
      const form = new FormData();
      form.append("photo", await openAsBlob(scene.file), "photo.jpg");
      const answer = await fetch(`http://127.0.0.1:${port}/posts`, { method: "POST", body: form });
      if (!answer.ok) throw new Error(await answer.text());
    } finally {
      server.kill();
    }
  },
};

/** A free port, and which. */
const LISTEN = 'const on = app.listen(0, "127.0.0.1", () => console.log(on.address().port));';

const SAME_LINE = "large to install; it uploads by the Node SDK, so the same line serves it";

export const SECRET: readonly AnyClient[] = [
  multer,
  { name: "Strapi's provider", group: "secret", set: multer.set, notRun: SAME_LINE },
  { name: "TinaCMS's media handler", group: "secret", set: multer.set, notRun: SAME_LINE },
  {
    name: "Directus's storage driver",
    group: "secret",
    set: "–",
    cant: "its address is `api.cloudinary.com`, fixed in its code, so it needs an account",
  },
];
