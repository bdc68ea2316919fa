// One request with a form, and how much of it is sent. XMLHttpRequest where there is one, for no browser tells
// the progress of a fetch; fetch elsewhere, whose progress is its end.

import type { CloudinaryAnswer } from "./cloudinary.ts";
import { untilAborted } from "./retry.ts";

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Takes how much of the form was sent: all of it where the answer is the first that tells. Without it a browser asks
   * another origin nothing before it sends a form.
   */
  readonly onSent: ((bytes: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * POSTs a form. Resolves to `undefined` where nobody answered, and to a status of 0 for a redirect: Cloudinary makes
 * none, and what answers elsewhere is not believed. Rejects with the signal's reason when aborted.
 */
export function sendForm(
  url: string,
  form: FormData,
  options: SendOptions,
): Promise<CloudinaryAnswer | undefined> {
  return typeof XMLHttpRequest === "undefined"
    ? sendByFetch(url, form, options)
    : sendByXhr(url, form, options);
}

async function sendByXhr(
  url: string,
  form: FormData,
  { headers, onSent, signal }: SendOptions,
): Promise<CloudinaryAnswer | undefined> {
  signal?.throwIfAborted();
  const request = new XMLHttpRequest();
  request.open("POST", url);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  if (onSent) request.upload.onprogress = ({ loaded }) => onSent(loaded);
  const answered = new Promise<CloudinaryAnswer | undefined>((resolve) => {
    request.onload = () =>
      resolve({
        // No page can keep a browser from following a redirect here; it can only see that it did.
        status: isElsewhere(request.responseURL, url) ? 0 : request.status,
        text: request.responseText,
        headers: readableHeaders(request),
      });
    request.onerror = () => resolve(undefined);
    request.send(form);
  });
  // Nothing is left to abort once it was answered.
  return untilAborted(answered, signal).finally(() => request.abort());
}

/** Whether an answer came from another address than the one that was asked. */
const isElsewhere = (answered: string, asked: string): boolean =>
  answered !== "" && answered !== new URL(asked).href.replace(/#.*$/s, "");

/** What the server lets pages read. Asked for by its name, a hidden header is an error in the console. */
const readableHeaders = (request: XMLHttpRequest): Record<string, string> =>
  Object.fromEntries(
    Array.from(request.getAllResponseHeaders().matchAll(/(.+?): *(.*)/g), ([, name, value]) => [name, value]),
  );

async function sendByFetch(
  url: string,
  form: FormData,
  options: SendOptions,
): Promise<CloudinaryAnswer | undefined> {
  const { headers, signal, onSent } = options;
  try {
    const redirect = "manual";
    const init: RequestInit = { method: "POST", body: form, headers, redirect, ...(signal && { signal }) };
    const response = await fetch(url, init);
    // What was taken was sent, to its end.
    if (response.ok) onSent?.(Infinity);
    return {
      status: response.status >= 300 && response.status < 400 ? 0 : response.status,
      text: await response.text(),
      headers: Object.fromEntries(response.headers),
    };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
