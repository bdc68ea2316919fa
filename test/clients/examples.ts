// Cloudinary's own examples, with the changes that they need. The Upload Widget's script is the stand-in, since only
// Cloudinary serves the real one.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnyClient, Client } from "./client.ts";
import type { Scene } from "./scene.ts";

const WIDGET = join(import.meta.dirname, "../browser/components/upload-widget-stand-in.js");
const WIDGET_TAG = '<script src="https://upload-widget.cloudinary.com/global/all.js"></script>';

/** The address of a profile that refuses the same request, by that of the one that takes it. */
const OTHER_PROFILE: Readonly<Record<string, string>> = {
  "": "/members",
  "/widget": "/bare",
  "/bare": "/widget",
};
const askElsewhere = (code: string): string =>
  code.replaceAll(/(?<=\/sign)(\/\w+)?(?=")/g, (profile) => OTHER_PROFILE[profile]!);

interface Example extends Pick<Client, "name" | "set"> {
  readonly version: string;
  /** What the example's page has, and where it says what came of an upload. */
  readonly body: string;
  readonly said: string;
  /** Default the snippet alone. */
  readonly script?: string;
  /** Whether a button opens the widget first. */
  readonly isWidget?: boolean;
}

function example({ said, body, script = 'import "snippet";', isWidget, version, ...row }: Example): Client {
  /** What the page says in the end. */
  const run = async (scene: Scene, edit?: (code: string) => string): Promise<string> => {
    const widget = await readFile(WIDGET, "utf8");
    const source = { body, script, ...(edit && { edit }) };
    const { page } = await scene.page(source, {
      "https://upload-widget.cloudinary.com": () => ({ type: "text/javascript", body: widget }),
    });
    if (isWidget) await page.getByRole("button", { name: /^Upload/ }).click();
    const input = isWidget ? page.getByLabel("Widget file") : page.locator("[type=file]");
    await input.setInputFiles(scene.file);
    const submit = page.locator("[type=submit]");
    if ((await submit.count()) > 0) await submit.click();
    return (await page.locator(said).textContent()) ?? "";
  };
  return {
    ...row,
    group: "examples",
    with: "three changes",
    version: async () => version,
    upload: async (scene) => {
      const text = await run(scene);
      if (!text.includes(`${scene.emulator}/`)) throw new Error(text);
    },
    refusal: (scene) => run(scene, askElsewhere),
  };
}

export const EXAMPLES: readonly AnyClient[] = [
  example({
    name: "SDK guide for browser uploads",
    set: "the signer's address, by POST",
    version: "cloudinary 2.11.0",
    body: '<input type="file"><output></output>',
    said: "output:not(:empty)",
    script: `import { upload } from "snippet";
      const input = document.querySelector("input");
      input.addEventListener("change", async () => {
        const said = await upload(input).then(({ secure_url }) => secure_url, ({ message }) => message);
        document.querySelector("output").textContent = said;
      });`,
  }),
  example({
    name: "Signed upload form",
    set: "the signer's address, by POST",
    version: "commit fbb5cf1",
    body: `<form method="post" enctype="multipart/form-data">
        <input type="file" name="files[]" multiple>
        <input type="submit" value="Upload Files" name="submit">
      </form><pre id="formdata"></pre>`,
    said: "#formdata:not(:empty)",
  }),
  example({
    name: "Signed upload widget",
    set: "`uploadSignature` as a function, and the profile's `folder`",
    version: "commit 2956165, over a stand-in for the widget",
    body: `${WIDGET_TAG}<button id="upload_widget">Upload Files</button><pre id="uwdata"></pre>`,
    said: "#uwdata:not(:empty)",
    isWidget: true,
  }),
  example({
    name: "React starter and skills",
    set: "the address of a drop-in profile, and no `uploadPreset`",
    version: "commit 08f06af, over a stand-in for the widget",
    body: `${WIDGET_TAG}<main></main><pre id="said"></pre>`,
    said: "[role=status]:not(:empty), #said:not(:empty)",
    script: `import { createRoot } from "react-dom/client";
      import { UploadWidget } from "snippet";
      const show = (info) => { document.querySelector("#said").textContent = info.secure_url; };
      createRoot(document.querySelector("main")).render(<UploadWidget onUploadSuccess={show} />);`,
    isWidget: true,
  }),
];
