// One request with a form, and how much of it is sent. XMLHttpRequest where there is one, for no browser tells
// the progress of a fetch; fetch elsewhere, whose progress is its end.

import type { CloudinaryAnswer } from "./cloudinary.ts";
import { within } from "./retry.ts";

/**
 * How long nothing may happen, in milliseconds: no progress, and then no answer, for which Cloudinary may have a video to
 * look at first.
 */
const SILENCE_MS = 180_000;

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Takes how much of the form was sent: all of it where the answer is the first that tells. Without it a browser asks
   * another origin nothing before it sends a form.
   */
  readonly onSent?: ((bytes: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  /** About how many bytes the form has. */
  readonly size?: number;
}

/**
 * POSTs a form. Resolves to a status of 0 for a redirect: Cloudinary makes none, and what answers elsewhere is not believed.
 * Rejects with the signal's reason when aborted, and with anything else where nobody answered, or nothing happened for three
 * minutes.
 */
export function sendForm(
  url: string,
  form: FormData,
  { headers, signal, onSent, size = 0 }: SendOptions,
): Promise<CloudinaryAnswer> {
  const send = typeof XMLHttpRequest === "undefined" ? sendByFetch : sendByXhr;
  // Where no progress tells: ten bytes a millisecond are the slowest.
  return within(SILENCE_MS + size / 10, signal, (limited, more) =>
    send(
      url,
      form,
      headers,
      limited,
      onSent &&
        ((bytes) => {
          more(SILENCE_MS);
          onSent(bytes);
        }),
    ),
  );
}

function sendByXhr(
  url: string,
  form: FormData,
  headers: SendOptions["headers"],
  signal: AbortSignal,
  onSent: SendOptions["onSent"],
): Promise<CloudinaryAnswer> {
  const request = new XMLHttpRequest();
  request.open("POST", url);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  if (onSent) request.upload.onprogress = ({ loaded }) => onSent(loaded);
  // It comes at the end too, when there is nothing left to abort.
  signal.onabort = () => request.abort();
  return new Promise((resolve, reject) => {
    request.onload = () =>
      resolve({
        // No page can keep a browser from following a redirect here; it can only see that it did.
        status: isElsewhere(request.responseURL, url) ? 0 : request.status,
        text: request.responseText,
        headers: readableHeaders(request),
      });
    request.onerror = reject;
    request.send(form);
  });
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
  body: FormData,
  headers: SendOptions["headers"],
  signal: AbortSignal,
  onSent: SendOptions["onSent"],
): Promise<CloudinaryAnswer> {
  const response = await fetch(url, { method: "POST", body, headers, redirect: "manual", signal });
  // What was taken was sent, to its end.
  if (response.ok) onSent?.(Infinity);
  return {
    status: response.status >= 300 && response.status < 400 ? 0 : response.status,
    text: await response.text(),
    headers: Object.fromEntries(response.headers),
  };
}
