// The policy that is deployed from this repository. It signs for nobody until there is a profile; docs/cookbook.md has
// many to copy.

import { defineSigner } from "./src/config.ts";

export default defineSigner({
  // allowedOrigins: ["https://www.example.com"],
  // access: { site: origin() },
  // profiles: { default: { access: ["site"], resourceType: "image" } },
});
