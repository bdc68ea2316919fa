// The recipe that people copy into a Hono app: it signs whatever is sent, and knows no policy.

import { Hono } from "hono";

const app = new Hono<{ Bindings: { CLOUDINARY_API_SECRET: string } }>();

app.post("/sign", async (c) => {
  const { paramsToSign } = (await c.req.json()) as { paramsToSign: Record<string, unknown> };
  const text = Object.keys(paramsToSign)
    .sort()
    .map((name) => `${name}=${paramsToSign[name]}`)
    .join("&");
  const bytes = new TextEncoder().encode(text + c.env.CLOUDINARY_API_SECRET);
  const digest = await crypto.subtle.digest("SHA-1", bytes);
  const signature = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return c.json({ signature });
});

export default app;
