// The page at `/`: uploads through the signer that serves it, and shows how each upload was signed.

import { render } from "preact";
import { App } from "./signer-page.tsx";

const root = document.querySelector("#app");
if (root !== null) {
  root.replaceChildren();
  render(<App signer={new URL(".", location.href)} />, root);
}
