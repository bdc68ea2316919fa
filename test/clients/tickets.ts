// Components that take a ticket, and send the file with its fields: each in a real Chromium, by a file that is chosen.

import { join } from "node:path";
import type { Plugin } from "esbuild";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { PageSource } from "./bundle-page.ts";
import type { AnyClient } from "./client.ts";
import { chooseIn, chooseInDashboard, chooseInDialog, component, dialogOf, textOf } from "./component.ts";

/** The page of a React component that the snippet exports. */
const react =
  (exported: string, children = "", props = "") =>
  (): PageSource => ({
    script: `
    import { createRoot } from "react-dom/client";
    import { ${exported} } from "snippet";
    createRoot(document.querySelector("main")).render(<${exported} ${props}>${children}</${exported}>);
  `,
  });

const uppy = component({
  name: "Uppy",
  set: "a preprocessor that gives each file its ticket",
  package: "@uppy/core",
  page: (signer) => ({
    script: `
      import Dashboard from "@uppy/dashboard";
      import { signedUppy } from "snippet";
      signedUppy("${signer}", {}).use(Dashboard, { inline: true, target: "main" });
    `,
  }),
  choose: chooseInDashboard,
  done: (page) => page.locator(".uppy-Dashboard-Item.is-complete").waitFor(),
  failure: async (page) =>
    (await page.locator(".uppy-Dashboard-Item-errorDetails").getAttribute("aria-label")) ?? "",
});

const filepond = component({
  name: "FilePond",
  set: "`server.process`",
  package: "filepond",
  page: (signer) => ({
    script: `
      import { create } from "filepond";
      import { signedFilePond } from "snippet";
      const input = document.querySelector("main").appendChild(document.createElement("input"));
      input.type = "file";
      create(input, signedFilePond("${signer}", {}));
    `,
  }),
  choose: chooseIn("input[type=file]"),
  done: (page) => page.locator("[data-filepond-item-state=processing-complete]").waitFor(),
  failure: (page) => textOf(page, "[data-filepond-item-state=processing-error] .filepond--file-status-main"),
});

const dropzone = component({
  name: "Dropzone",
  set: "`accept`, `url` and `params`",
  package: "dropzone",
  page: (signer) => ({
    script: `
      import { signedDropzone } from "snippet";
      const element = document.querySelector("main").appendChild(document.createElement("div"));
      signedDropzone(element, "${signer}", {});
    `,
  }),
  choose: chooseIn("input.dz-hidden-input"),
  done: (page) => page.locator(".dz-preview.dz-success").waitFor({ state: "attached" }),
  failure: (page) => textOf(page, ".dz-error .dz-error-message"),
});

const antd = component({
  name: "antd Upload",
  set: "`customRequest`, with `defaultRequest` in it",
  package: "antd",
  page: react("SignedUpload", '<button type="button">Upload</button>'),
  choose: chooseIn("input[type=file]"),
  done: (page) => page.locator(".ant-upload-list-item-done").waitFor(),
  failure: async (page) => {
    // The name is red, and the reason comes when it is pointed at.
    await page.locator(".ant-upload-list-item-error").hover();
    return textOf(page, "[role=tooltip]");
  },
});

/** React 18 where a page and its packages ask for React: it can't be installed beside the newer one. */
const react18: Plugin = {
  name: "react-18",
  setup({ onResolve, resolve }) {
    const resolveDir = join(PROJECT, "test/react-18");
    onResolve({ filter: /^react(-dom)?(\/|$)/ }, ({ path, kind, resolveDir: from }) =>
      from.startsWith(resolveDir) ? undefined : resolve(path, { kind, resolveDir }),
    );
  },
};

const reactDropzoneUploader = component({
  name: "react-dropzone-uploader",
  set: "`getUploadParams`",
  with: "React 18: React 19 refuses the elements that it brings ready-made",
  package: "react-dropzone-uploader",
  page: () => ({ ...react("SignedDropzone", "", "onSubmit={() => {}}")(), plugins: [react18] }),
  choose: chooseIn("input[type=file]"),
  done: (page) => page.locator(".dzu-submitButton:enabled").waitFor(),
  failure: (page) => textOf(page, "[role=alert]"),
});

const uploady = component({
  name: "react-uploady",
  set: "`useRequestPreSend`",
  package: "@rpldy/uploady",
  page: () => ({
    script: `
      import { UPLOADER_EVENTS } from "@rpldy/uploady";
      import { createRoot } from "react-dom/client";
      import { SignedUploady } from "snippet";
      const main = document.querySelector("main");
      const listeners = { [UPLOADER_EVENTS.ITEM_FINISH]: () => main.setAttribute("data-uploaded", "") };
      createRoot(main).render(<SignedUploady listeners={listeners} />);
    `,
  }),
  choose: (page, file) => chooseInDialog(page, "main button", file),
  done: (page) => page.locator("main[data-uploaded]").waitFor(),
  failure: (page) => textOf(page, "[role=alert]"),
});

const blueimp = component({
  name: "jQuery File Upload",
  set: "`add`, which gives `data` its `url` and `formData`",
  with: "jQuery 3: it calls functions that jQuery 4 no longer has",
  package: "blueimp-file-upload",
  page: () => ({
    script: 'import "snippet";',
    body: '<input id="fileupload" type="file" multiple><img id="uploaded"><p id="refusal"></p>',
  }),
  choose: chooseIn("#fileupload"),
  done: (page) => page.locator("#uploaded[src]").waitFor({ state: "attached" }),
  failure: (page) => textOf(page, "#refusal"),
});

const editorjs = component({
  name: "Editor.js",
  set: "`uploader.uploadByFile` of the image tool",
  package: "@editorjs/image",
  page: () => ({
    script: `
      import { editor } from "snippet";
      editor.isReady.then(() => editor.blocks.insert("image"));
    `,
    body: '<div id="editor"></div>',
  }),
  choose: (page, file) => chooseInDialog(page, ".image-tool .cdx-button", file),
  done: (page) => page.locator(".image-tool--filled img[src]").waitFor({ state: "attached" }),
  failure: (page) => textOf(page, ".cdx-notify--error >> nth=0"),
});

const quill = component({
  name: "Quill",
  set: "`modules.uploader.handler`",
  package: "quill",
  page: () => ({ script: 'import "snippet";', body: '<div id="editor"></div>' }),
  choose: (page, file) => chooseInDialog(page, ".ql-toolbar .ql-image", file),
  done: (page) => page.locator("#editor img[src]").waitFor({ state: "attached" }),
  failure: dialogOf,
});

export const TICKETS: readonly AnyClient[] = [
  uppy,
  filepond,
  dropzone,
  antd,
  reactDropzoneUploader,
  uploady,
  blueimp,
  editorjs,
  quill,
];
