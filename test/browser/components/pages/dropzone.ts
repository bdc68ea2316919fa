import Dropzone from "dropzone";

/** A Dropzone that gets a ticket for each file as it is added, and sends the file with the ticket's fields. */
export function signedDropzone(element: HTMLElement, signer: string, params: object): Dropzone {
  const dropzone = new Dropzone(element, {
    defaultHeaders: false, // they would need a preflight
    url: ([file]) => file?.ticket.url,
    params: ([file]) => file?.ticket.fields,
    accept: async (file, done) => {
      const headers = { "content-type": "application/json" };
      const request = { method: "POST", headers, body: JSON.stringify({ params }) };
      try {
        const response = await fetch(`${signer}/sign`, request);
        file.ticket = await response.json();
        done(response.ok ? undefined : file.ticket.detail);
      } catch {
        done("The signer was not reached, or does not allow this page");
      }
    },
  });
  dropzone.on("error", (file, answer: string | { error: { message: string } }) => {
    const text = file.previewElement?.querySelector("[data-dz-errormessage]");
    if (text && typeof answer !== "string") text.textContent = answer.error.message; // Cloudinary's words
  });
  return dropzone;
}

// The rest is the test's page.

const { signer = "", params = "{}" } = Object.fromEntries(new URLSearchParams(location.search));
const element = document.body.appendChild(document.createElement("div"));
element.className = "dropzone";
signedDropzone(element, signer, JSON.parse(params));
