// Uppy's community plugin for Cloudinary, which chooses the parameters and asks a function for their signature.

import { chooseInDashboard, component, dialogOf } from "./component.ts";

export const uppyPlugin = component({
  name: "Uppy's Cloudinary plugin",
  group: "dropIn",
  set: "`generateSignature`",
  with: "three corrections: the time in seconds, nothing undefined, and Uppy told of the end",
  package: "@capsureit/uppy-cloudinary",
  page: () => ({ script: 'import "snippet";', body: '<div id="dashboard"></div>' }),
  choose: chooseInDashboard,
  done: (page) => page.locator(".uppy-Dashboard-Item.is-complete").waitFor(),
  failure: async (page) => {
    const [message] = await Promise.all([dialogOf(page), page.locator(".uppy-StatusBar-details").click()]);
    return message;
  },
});
