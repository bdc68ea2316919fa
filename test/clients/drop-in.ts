// Components that choose the parameters, and ask for a signature alone. Cloudinary's widget, which most of them open, is the
// stand-in of test/browser/components. A refusal comes as it comes to people: by an upload preset that stands in a variable
// of the environment, and that the profile `bare` does not know.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { Answers, OpenedPage } from "../browser/support/browser.ts";
import type { PageSource } from "./bundle-page.ts";
import type { AnyClient, Client } from "./client.ts";
import { standIns, svelte, vue } from "./compilers.ts";
import { payload } from "./payload.ts";
import type { Scene } from "./scene.ts";

const STAND_IN = await readFile(join(PROJECT, "test/browser/components/upload-widget-stand-in.js"), "utf8");
const SCRIPT = () => ({ type: "text/javascript", body: STAND_IN });

/** The widget's script, wherever a component loads it from. */
const WIDGET: Answers = {
  "https://upload-widget.cloudinary.com": SCRIPT,
  "https://widget.cloudinary.com": SCRIPT,
};

/** A preset that no profile of these pages knows. */
const PRESET = "nobody-told-the-signer";

const BODY = '<main></main><p id="refusal"></p><p id="told"></p>';
const TELL = 'const tell = (text) => (document.querySelector("#told").textContent = text);';

/** Opens a page, presses its button, and gives the file to the widget. */
async function choose(scene: Scene, source: PageSource): Promise<OpenedPage> {
  const opened = await scene.page({ body: BODY, ...source }, WIDGET);
  // Astro's button does nothing before.
  await opened.page.waitForFunction(() => "cloudinary" in globalThis);
  await opened.page.getByRole("button", { name: "Upload" }).click();
  await opened.page.getByLabel("Widget file").setInputFiles(scene.file);
  return opened;
}

/** The text of an element, once it has one. */
async function textOf({ page, problems }: OpenedPage, selector: string): Promise<string> {
  const found = page.locator(selector).filter({ hasText: /\S/ });
  try {
    await found.waitFor();
  } catch (error) {
    throw new Error(`${selector} stays empty: ${problems.join("; ")}`, { cause: error });
  }
  return (await found.textContent())!.trim();
}

/** Ends once the page says that the file is stored. */
async function uploads(scene: Scene, source: PageSource): Promise<void> {
  const said = await textOf(await choose(scene, source), "#told");
  if (!said.startsWith("http")) throw new Error(`the page said "${said}"`);
}

const GROUP = "dropIn";
const OVER = ", over a stand-in for the widget";

const NEXT = (n: number): string => `
  import { createRoot } from "react-dom/client";
  import { Upload } from "snippet/${n}";
  ${TELL}
  createRoot(document.querySelector("main")).render(
    <Upload onSuccess={({ info }) => tell(info.secure_url)} onError={({ status }) => tell(status)} />,
  );`;

const next: Client = {
  name: "next-cloudinary",
  group: GROUP,
  set: '`signatureEndpoint="…/sign/bare"`',
  version: async (scene) => `${await scene.versionOf("next-cloudinary")}, without Next${OVER}`,
  upload: (scene) => uploads(scene, { script: NEXT(0) }),
  refusal: async (scene) => {
    const define = { "process.env.NEXT_PUBLIC_CLOUDINARY_UPLOAD_PRESET": JSON.stringify(PRESET) };
    const plugins = [saysWhy(scene)];
    return textOf(await choose(scene, { script: NEXT(1), define, plugins }), "#refusal");
  },
};

/** The module of docs/components/widget.md that asks the signer, and says why it refused. */
const WHY = /^## Saying why$.*?^```js\n(.*?)^```$/ms.exec(
  await readFile(join(PROJECT, "docs/components/widget.md"), "utf8"),
)![1]!;
const saysWhy = (scene: Scene) =>
  standIns({ "./sign.js": WHY.replace("http://localhost:8787", scene.signer) });

const OPENS = (more: string): string => `
  import { options } from "snippet";
  ${TELL}
  const button = document.createElement("button");
  button.textContent = "Upload";
  button.onclick = () =>
    cloudinary
      .createUploadWidget({ ...options${more} }, (error, result) => {
        if (error) tell(error.status);
        else if (result.event === "success") tell(result.info.secure_url);
      })
      .open();
  document.querySelector("main").append(button);`;

/** The widget itself, by one of its two callbacks. */
const widget = (name: string, callback: string): Client => {
  const page = (scene: Scene, more = ""): PageSource => ({
    script: OPENS(more),
    plugins: [saysWhy(scene)],
    body: `${BODY}<script src="https://upload-widget.cloudinary.com/latest/global/all.js"></script>`,
  });
  return {
    name,
    group: GROUP,
    set: `\`${callback}\`, a function that asks \`…/sign/bare\``,
    version: async () => "a stand-in for it, by its documentation",
    upload: (scene) => uploads(scene, page(scene)),
    refusal: async (scene) =>
      textOf(await choose(scene, page(scene, `, uploadPreset: ${JSON.stringify(PRESET)}`)), "#refusal"),
  };
};

/** A page of Vue that has what Nuxt gives: the component by its name, the module's settings, and a head. */
async function nuxtPage(scene: Scene, n: number, uploadPreset?: string): Promise<PageSource> {
  const settings = { cloudName: "demo", apiKey: "874837483274837", uploadPreset };
  const module = "@nuxtjs/cloudinary/dist/runtime";
  const folder = join(import.meta.dirname, "node_modules", module);
  return {
    script: `
      import { createHead } from "@unhead/vue/client";
      import { createApp } from "vue";
      import CldUploadWidget from ${JSON.stringify(join(folder, "components/CldUploadWidget.vue"))};
      import Upload from ${JSON.stringify(await scene.write("Upload.vue", scene.snippet(n)))};
      ${TELL}
      createApp(Upload, { onUploaded: tell })
        .component("CldUploadWidget", CldUploadWidget)
        .use(createHead())
        .mount("main");`,
    plugins: [
      standIns({
        "#imports": `export const useRuntimeConfig = () => ({ public: { cloudinary: ${JSON.stringify(settings)} } });`,
      }),
      vue,
    ],
  };
}

const nuxt: Client = {
  name: "@nuxtjs/cloudinary",
  group: GROUP,
  set: '`CldUploadWidget` with `signature-endpoint="…/sign/bare"`; `CldUploadButton` drops it',
  version: async (scene) => `${await scene.versionOf("@nuxtjs/cloudinary")}, in Vue without Nuxt${OVER}`,
  upload: async (scene) => uploads(scene, await nuxtPage(scene, 0)),
  refusal: async (scene) =>
    textOf(await choose(scene, await nuxtPage(scene, 1, PRESET)), "main [role=alert]"),
};

/** A project of Astro with the snippet as its page, built by Astro, and what came of it as a page of ours. */
async function astroPage(scene: Scene, preset?: string): Promise<PageSource> {
  await scene.write("src/pages/index.astro", scene.snippet());
  const command = join(import.meta.dirname, "node_modules/astro/astro.js");
  const { code, stdout, stderr } = await scene.run("node", [command, "build", "--root", "."], {
    ASTRO_TELEMETRY_DISABLED: "1",
    PUBLIC_CLOUDINARY_CLOUD_NAME: "demo",
    PUBLIC_CLOUDINARY_API_KEY: "874837483274837",
    ...(preset !== undefined && { PUBLIC_CLOUDINARY_UPLOAD_PRESET: preset }),
  });
  if (code !== 0) throw new Error(stdout + stderr);
  const html = await readFile(join(scene.folder, "dist/index.html"), "utf8");
  const scripts = [...html.matchAll(/<script type="module"(?: src="(.*?)")?>(.*?)<\/script>/gs)];
  const inline = scripts.map(([, , text = ""], n) => [`script-${n}`, text] as const);
  const imported = scripts.map(([, src], n) => (src ? join(scene.folder, "dist", src) : `script-${n}`));
  return {
    script: imported.map((path) => `import ${JSON.stringify(path)};`).join("\n"),
    plugins: [standIns(Object.fromEntries(inline))],
    body: html.replace(/^<!DOCTYPE html>/i, "").replaceAll(/<script.*?<\/script>/gs, ""),
  };
}

const astro: Client = {
  name: "astro-cloudinary",
  group: GROUP,
  set: '`signatureEndpoint="…/sign/bare"` and `options={{ uploadSignature: () => {} }}`',
  version: async (scene) =>
    `${await scene.versionOf("astro-cloudinary")}, ${await scene.versionOf("astro")}${OVER}`,
  upload: async (scene) => uploads(scene, await astroPage(scene)),
  refusal: async (scene) => {
    await textOf(await choose(scene, await astroPage(scene, PRESET)), "#told");
    return scene.terminal().join("\n");
  },
};

async function sveltePage(scene: Scene, n: number, uploadPreset?: string): Promise<PageSource> {
  return {
    script: `
      import { mount } from "svelte";
      import Upload from ${JSON.stringify(await scene.write("Upload.svelte", scene.snippet(n)))};
      ${TELL}
      mount(Upload, { target: document.querySelector("main"), props: { onUploaded: tell } });`,
    plugins: [svelte],
    conditions: ["svelte"],
    define: {
      "import.meta.env": JSON.stringify({
        VITE_CLOUDINARY_CLOUD_NAME: "demo",
        VITE_CLOUDINARY_API_KEY: "874837483274837",
        VITE_CLOUDINARY_UPLOAD_PRESET: uploadPreset,
      }),
    },
  };
}

const svelteCloudinary: Client = {
  name: "svelte-cloudinary",
  group: GROUP,
  set: '`signatureEndpoint="…/sign/bare"`',
  version: async (scene) =>
    `${await scene.versionOf("svelte-cloudinary")}, ${await scene.versionOf("svelte")}, without SvelteKit${OVER}`,
  upload: async (scene) => uploads(scene, await sveltePage(scene, 0)),
  refusal: async (scene) =>
    textOf(await choose(scene, await sveltePage(scene, 1, PRESET)), "main [role=alert]"),
};

export const DROP_IN: readonly AnyClient[] = [
  widget("Upload Widget", "uploadSignature"),
  widget("Upload Widget with prepareUploadParams", "prepareUploadParams"),
  next,
  nuxt,
  astro,
  svelteCloudinary,
  payload,
  {
    name: "react-cloudinary-upload-widget",
    group: GROUP,
    set: "–",
    cant: "it takes the whole answer for the signature, which is one field of ours, and asks for one without the `folder` that it then sends. Use the widget itself, or next-cloudinary's functions",
  },
  {
    name: "payload-cloudinary",
    group: GROUP,
    set: "–",
    cant: "it asks its own server with `{ collectionSlug, filename }`, and that server holds the secret; the plugin above asks for what it will send",
  },
];
