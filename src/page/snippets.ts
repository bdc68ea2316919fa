// What was asked and answered, as text, and the code that does the same in one's own page. It names a token, and never
// holds one.

import type { CloudinaryAnswer } from "../client/client.ts";
import { declaredOf } from "../client/declared-file.ts";
import { prettyJson } from "./format.ts";
import { TEXTS } from "./texts.ts";
import type { Asked } from "./uploads.ts";

/** Longest literal on a line of its own, in characters. */
const MAX_LINE = 60;

/** Where an upload's ticket is asked for. */
function signAddress(signer: URL, profile: string): string {
  const path = profile === "default" ? "sign" : `sign/${encodeURIComponent(profile)}`;
  return new URL(path, signer).href;
}

/** The request for the ticket, as text. */
export function requestText(signer: URL, asked: Asked, file: Blob): string {
  return [
    `POST ${signAddress(signer, asked.profile)}`,
    "content-type: application/json",
    ...(asked.withToken ? [`authorization: Bearer <${TEXTS.tokenInSettings}>`] : []),
    "",
    prettyJson({ files: [declaredOf(file)], params: asked.params }),
  ].join("\n");
}

/** Headers that say something of an upload. A browser shows a page only those that Cloudinary lets it read. */
const WORTH_SEEING = ["x-cld-error", "x-request-id", "retry-after", "date"];

function bodyText(text: string): string {
  try {
    return prettyJson(JSON.parse(text));
  } catch {
    return text;
  }
}

/** What Cloudinary answered, as text. */
export const answerText = ({ status, headers, text }: CloudinaryAnswer): string =>
  [
    `HTTP ${status}`,
    ...WORTH_SEEING.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${headers[name]}`])),
    "",
    bodyText(text),
  ].join("\n");

/** With nothing but the platform. */
export function fetchSnippet(signer: URL, asked: Asked): string {
  const body = hasParams(asked) ? `JSON.stringify(${literal({ params: asked.params }, "    ")})` : undefined;
  const headers = [
    ...(body === undefined ? [] : ['"content-type": "application/json"']),
    ...(asked.withToken ? [`authorization: \`Bearer \${token}\``] : []),
  ];
  const init = [
    'method: "POST"',
    ...(headers.length === 0 ? [] : [`headers: { ${headers.join(", ")} }`]),
    ...(body === undefined ? [] : [`body: ${body}`]),
  ];
  const options =
    init.length === 1 ? `{ ${init[0]} }` : `{\n${init.map((line) => `    ${line},\n`).join("")}  }`;
  return `async function upload(${parameters(asked)}) {
  const answer = await fetch("${signAddress(signer, asked.profile)}", ${options});
  const ticket = await answer.json();
  if (!ticket.fields) throw new Error(ticket.detail); // ${TEXTS.refusalComment}

  const form = new FormData();
  for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
  form.append("file", file);
  const uploaded = await fetch(ticket.url, { method: "POST", body: form });
  const asset = await uploaded.json();
  if (asset.error) throw new Error(asset.error.message);
  return asset; // ${TEXTS.addressComment}
}
`;
}

/** With this project's client: progress, retries, large files in parts. */
export function clientSnippet(signer: URL, asked: Asked): string {
  const options = [
    `signer: "${signer.href.replace(/\/$/, "")}"`,
    ...(asked.profile === "default" ? [] : [`profile: ${JSON.stringify(asked.profile)}`]),
    ...(hasParams(asked) ? [`params: ${literal(asked.params, "  ")}`] : []),
    ...(asked.withToken ? ["token"] : []),
    "onProgress: ({ loaded, total }) => console.log(loaded / total)",
  ];
  return `import { upload } from "cloudinary-edge-signer/client";

const { asset } = await upload(file, {
${options.map((line) => `  ${line},\n`).join("")}});
image.src = asset.secure_url;
`;
}

const hasParams = ({ params }: Asked): boolean => Object.keys(params).length > 0;
const parameters = ({ withToken }: Asked): string => (withToken ? "file, token" : "file");

/** Data as a literal: on one line where it fits, else with its further lines indented by `by`. */
function literal(data: unknown, by: string): string {
  const pretty = prettyJson(data);
  const line = pretty.replaceAll(/\n\s*/g, " ");
  return line.length <= MAX_LINE ? line : pretty.replaceAll("\n", `\n${by}`);
}

/** What a receipt claims: the middle of a JWT, which anybody can read. */
export function claimsOf(receipt: string): string {
  const [, claims = ""] = receipt.split(".");
  const bytes = Uint8Array.from(atob(claims.replaceAll("-", "+").replaceAll("_", "/")), (one) =>
    one.charCodeAt(0),
  );
  return prettyJson(JSON.parse(new TextDecoder().decode(bytes)));
}
