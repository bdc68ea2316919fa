// Payload's plugin: the part of it that runs in the browser, in React, as Payload's admin panel calls it. The panel itself
// is not run: what it gives the plugin (settings, and where handlers are kept) stands in for it.

import type { Answers } from "../browser/support/browser.ts";
import type { PageSource } from "./bundle-page.ts";
import type { Client } from "./client.ts";
import { standIns } from "./compilers.ts";
import type { Scene } from "./scene.ts";

const PLUGIN = "@jhb.software/payload-cloudinary-plugin";

/** What the panel gives: `handlers` are called with a file, as its form does. */
const PANEL = `
  export { useEffectEvent } from "react";
  export const handlers = {};
  const setUploadHandler = ({ collectionSlug, handler }) => (handlers[collectionSlug] = handler);
  export const useUploadHandlers = () => ({ setUploadHandler });
  export const useConfig = () => ({ config: { routes: { api: "/api" }, serverURL: "" } });`;

/** With the properties that the plugin's server half gives to its other half. */
const page = (folder: string): PageSource => ({
  script: `
    import { handlers } from "@payloadcms/ui";
    import { CloudinaryClientUploadHandler } from "${PLUGIN}/client";
    import { createRoot } from "react-dom/client";
    import { plugin } from "snippet/1";
    const { credentials, cloudName, useFilename } = plugin;
    const extra = { apiKey: credentials.apiKey, cloudName, folder: ${folder}, prefix: "", useFilename };
    const props = { collectionSlug: "media", enabled: true, extra, prefix: "" };
    createRoot(document.querySelector("main")).render(
      <CloudinaryClientUploadHandler {...props} serverHandlerPath="/cloudinary-generate-signature">
        <input type="file" />
        <p id="told"></p>
      </CloudinaryClientUploadHandler>,
    );
    const tell = (text) => (document.querySelector("#told").textContent = text);
    document.querySelector("main").addEventListener("change", ({ target: { files: [file] } }) =>
      handlers.media({ file }).then(({ secureUrl }) => tell(secureUrl), ({ message }) => tell(message)));`,
  plugins: [
    standIns({
      "@payloadcms/ui": PANEL,
      [PLUGIN]: "export const payloadCloudinaryPlugin = (options) => options;",
      // What the entry exports beside, and the plugin does not call.
      path: "export default {};",
      "payload/shared": "export const sanitizeFilename = undefined;",
    }),
  ],
  define: {
    "process.env.CLOUDINARY_API_KEY": '"874837483274837"',
    "process.env.CLOUDINARY_API_SECRET": '"not for browsers"',
  },
});

/** Next's rewrite of the snippet, for what the page asks of its own server. */
async function rewrites(scene: Scene): Promise<(url: URL) => string> {
  const file = await scene.write("next.config.mjs", scene.snippet(2));
  const { beforeFiles } = await (await import(file)).default.rewrites();
  const [{ source, destination }] = beforeFiles;
  return ({ origin, pathname, search }) => (pathname === source ? destination : origin + pathname) + search;
}

/** What the page says once a file was chosen by an editor who is signed in. */
async function saidOf(scene: Scene, folder: string): Promise<string> {
  const rewrite = await rewrites(scene);
  const own: Answers = { [scene.pages]: (url) => ({ from: rewrite(url) }) };
  const { page: opened, problems } = await scene.page(page(folder), own);
  const cookie = {
    name: "payload-token",
    value: await scene.token(),
    httpOnly: true,
    sameSite: "Lax",
  } as const;
  await opened.context().addCookies([{ ...cookie, url: scene.pages }]);
  await opened.locator("input[type=file]").setInputFiles(scene.file);
  const told = opened.locator("#told").filter({ hasText: /\S/ });
  await told.waitFor().catch((error) => {
    throw new Error(`the page says nothing: ${problems.join("; ")}`, { cause: error });
  });
  return (await told.textContent())!;
}

export const payload: Client = {
  name: PLUGIN,
  group: "dropIn",
  set: "`clientUploads`, `folder`, `useFilename: false`, and a rewrite to `…/sign/payload`",
  with: "a rewrite in `next.config.mjs`, since it asks its own server alone",
  version: async (scene) =>
    `${await scene.versionOf(PLUGIN)}, ${await scene.versionOf("@payloadcms/plugin-cloud-storage")}, in React without Payload`,
  upload: async (scene) => {
    const said = await saidOf(scene, "plugin.folder");
    if (!said.startsWith("http")) throw new Error(`the page said "${said}"`);
  },
  refusal: async (scene) => {
    const said = await saidOf(scene, '"elsewhere"');
    if (said !== "No signature found") throw new Error(`the page said "${said}"`);
    return scene.terminal().join("\n");
  },
};
