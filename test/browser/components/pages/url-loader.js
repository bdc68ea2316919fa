// A page with the functions that the components of Astro, Svelte and Nuxt share.

import { createWidget } from "doc:Astro, Svelte, Nuxt";
import { button, tell } from "./widget.js";

button(() =>
  createWidget({
    onSuccess: ({ info }) => tell("stored", info.public_id),
    onError: ({ status }) => tell("failed", status),
  }),
);
