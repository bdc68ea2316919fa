// What arrived, as code for another page: HTML and Markdown.

import type { UploadResponse } from "../client/client.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES[one]!);

/** An element's first tag; attributes without a value are left out. */
function tag(name: string, attributes: Readonly<Record<string, string | number | undefined>>): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}="${escaped(String(value))}"`],
  );
  return `<${[name, ...written].join(" ")}>`;
}

/** As HTML: its dimensions are told, so that nothing moves when it is there. */
export function htmlOf({ secure_url, resource_type, width, height }: UploadResponse, alt: string): string {
  if (resource_type === "image") return tag("img", { src: secure_url, alt, width, height });
  if (resource_type === "video")
    return `${tag("video", { src: secure_url, width, height, controls: "" })}</video>`;
  return `${tag("a", { href: secure_url })}${escaped(alt)}</a>`;
}

/** As Markdown: a picture, or a link. */
export function markdownOf({ secure_url, resource_type }: UploadResponse, alt: string): string {
  const link = `[${alt.replace(/[[\]\\]/g, "\\$&")}](${secure_url})`;
  return resource_type === "image" ? `!${link}` : link;
}
