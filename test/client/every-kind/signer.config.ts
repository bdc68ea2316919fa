// A configuration with parameters of every kind, for uploader-types.ts.

import { defineSigner, jwt } from "../../../src/config.ts";

export default defineSigner({
  publicUrl: "https://signer.example.com",
  access: { members: jwt({ secret: "JWT_SECRET", issuer: "a", audience: "b" }) },
  profiles: {
    all: {
      access: ["members"],
      file: {},
      set: { public_id: "users/{sub}/{uuid}", overwrite: false, context: { by: "{sub}" } },
      accept: {
        display_name: { maxLength: 99 },
        allowed_formats: { enum: ["jpg", "png"] },
        tags: { prefix: "u-{sub}-" },
        context: { keys: ["alt", "credit line"] },
        metadata: { keys: ["size", "colors"] },
        custom_coordinates: { min: 0 },
        phash: {},
        exif: { enum: [true] },
        eager: { enum: ["w_100", "w_200"] },
        auto_tagging: { enum: [0.5, 0.9] },
        quality_analysis: { enum: [true] },
        moderation: { enum: ["manual"] },
      },
    },
    explained: { method: "upload", access: ["members"], set: { folder: "other/{sub}" } },
    remove: {
      method: "destroy",
      access: ["members"],
      resourceType: "image",
      set: { public_id: "users/{sub}/avatar" },
    },
    tag: {
      method: "tags",
      access: ["members"],
      resourceType: "image",
      accept: {
        command: { enum: ["add", "remove"] },
        public_ids: { prefix: "users/{sub}/" },
        tag: { prefix: "u-{sub}-" },
      },
    },
    size: {
      method: "metadata",
      access: ["members"],
      resourceType: "image",
      set: { metadata: { checked: "yes" } },
      accept: { metadata: { keys: ["size"] }, public_ids: { prefix: "users/{sub}/" } },
    },
    zip: {
      method: "generate_archive",
      access: ["members"],
      resourceType: "image",
      set: { mode: "create", target_public_id: "users/{sub}/{uuid}" },
      accept: {
        public_ids: { prefix: "users/{sub}/" },
        tags: { prefix: "u-{sub}-" },
        target_format: { enum: ["zip"] },
      },
    },
  },
});
