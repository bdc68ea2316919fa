// The official SDK in a Worker, as its documentation has it on a server: it signs whatever is sent.

import { v2 as cloudinary } from "cloudinary";

interface Bindings {
  readonly CLOUDINARY_API_SECRET: string;
}

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const { paramsToSign } = (await request.json()) as { paramsToSign: Record<string, unknown> };
    return Response.json({
      signature: cloudinary.utils.api_sign_request(paramsToSign, env.CLOUDINARY_API_SECRET),
    });
  },
};
