import { defineSigner } from "../../src/config.ts";

export default defineSigner({
  publicUrl: "https://uploads.example.com",
  page: true,
  profiles: {
    default: { access: ["public"], file: { maxBytes: "5 MB" }, notify: true },
  },
});
