import { defineSigner, origin } from "cloudinary-edge-signer/config";

export default defineSigner({
  access: {
    // Pages of ALLOWED_ORIGINS in wrangler.toml. It keeps other sites out, and proves nobody's name.
    site: origin(),
  },
  profiles: {
    // A random name for each upload.
    default: {
      access: ["site"],
      resourceType: "image",
      set: { allowed_formats: ["jpg", "png", "webp", "avif", "gif"] },
    },
  },
});
