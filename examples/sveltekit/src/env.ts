import { defineEnvVars } from "@sveltejs/kit/env";

export const variables = defineEnvVars({
  PUBLIC_SIGNER_URL: {
    description: "The signer's address",
    public: true,
    static: true,
    schema: (value) => value ?? "http://localhost:8787",
  },
});
