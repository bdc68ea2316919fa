// The limit: a Worker that reads JSON and answers it.

export default {
  fetch: async (request: Request): Promise<Response> => Response.json(await request.json()),
};
