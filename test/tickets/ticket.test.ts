import { expect, it } from "vitest";
import { METHOD_NAMES } from "../../src/policy/tables/signed-methods.ts";
import { takesFile } from "../../src/tickets/ticket.ts";

it.each(METHOD_NAMES)("a ticket of %s says by its address whether its form takes a file", (method) => {
  const url = `https://api.cloudinary.com/v1_1/demo/image/${method}`;
  expect(takesFile({ url })).toBe(method === "upload");
});

it("a proxy's address takes a file, whatever it is called", () => {
  expect(takesFile({ url: "https://uploads.example.com/" })).toBe(true);
});
