// A page with the functions that the components of Nuxt, Astro and Svelte share.

import { createWidget } from "doc:Nuxt, Astro, Svelte, Payload";
import { button, tell } from "./widget.js";

button(() =>
  createWidget({
    onSuccess: ({ info }) => tell("stored", info.public_id),
    onError: ({ status }) => tell("failed", status),
  }),
);
