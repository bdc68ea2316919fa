// One request with a form, and how much of it is sent. XMLHttpRequest where there is one, for no browser tells
// the progress of a fetch; fetch elsewhere, whose progress is its end.

/** An answer, read to its end. */
export interface Sent {
  /** 0 for a redirect: Cloudinary makes none, and what answers elsewhere is not believed. */
  readonly status: number;
  readonly text: string;
  /** `Retry-After`, where the page may read it. */
  readonly retryAfter: string | null;
}

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Takes how much of the form was sent: all of it where the answer is the first that tells. */
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** POSTs a form. Resolves to `undefined` where nobody answered; rejects with the signal's reason when aborted. */
export function sendForm(url: string, form: FormData, options: SendOptions): Promise<Sent | undefined> {
  return typeof XMLHttpRequest === "undefined"
    ? sendByFetch(url, form, options)
    : sendByXhr(url, form, options);
}

function sendByXhr(url: string, form: FormData, options: SendOptions): Promise<Sent | undefined> {
  const { headers, onSent, signal } = options;
  const request = new XMLHttpRequest();
  const abort = (): void => request.abort();
  return new Promise<Sent | undefined>((resolve, reject) => {
    signal?.throwIfAborted();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () =>
      resolve({
        // No page can keep a browser from following a redirect here; it can only see that it did.
        status: isElsewhere(request.responseURL, url) ? 0 : request.status,
        text: request.responseText,
        retryAfter: header(request, "retry-after"),
      });
    request.onerror = () => resolve(undefined);
    request.onabort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    request.send(form);
  }).finally(() => signal?.removeEventListener("abort", abort));
}

/** Whether an answer came from another address than the one that was asked. */
const isElsewhere = (answered: string, asked: string): boolean =>
  answered !== "" && answered !== new URL(asked).href.replace(/#.*$/s, "");

/** A header that the server lets pages read. Asked by its name, a hidden one is an error in the console. */
function header(request: XMLHttpRequest, name: string): string | null {
  const line = request
    .getAllResponseHeaders()
    .split("\r\n")
    .find((text) => text.toLowerCase().startsWith(`${name}:`));
  return line === undefined ? null : line.slice(name.length + 1).trim();
}

async function sendByFetch(url: string, form: FormData, options: SendOptions): Promise<Sent | undefined> {
  const { headers, signal, onSent } = options;
  try {
    const redirect = "manual";
    const init: RequestInit = { method: "POST", body: form, headers, redirect, ...(signal && { signal }) };
    const response = await fetch(url, init);
    // What was taken was sent, to its end.
    if (response.ok) onSent(Infinity);
    return {
      status: response.status >= 300 && response.status < 400 ? 0 : response.status,
      text: await response.text(),
      retryAfter: response.headers.get("retry-after"),
    };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
