// The limit of a webhook: a Worker that reads what it was sent and answers 200.

export default {
  fetch: async (request: Request): Promise<Response> => {
    await request.arrayBuffer();
    return Response.json({});
  },
};
