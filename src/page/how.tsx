// The panel that shows how one upload was signed, from the request to code for one's own page.

import { useEffect, useRef } from "preact/hooks";
import { curlCommand } from "../tickets/curl.ts";
import { CodeBlock } from "./code-block.tsx";
import { clockText, prettyJson } from "./format.ts";
import { SignedString } from "./signed-string.tsx";
import { clientSnippet, fetchSnippet, requestText } from "./snippets.ts";
import type { Upload } from "./uploads.ts";

interface HowProps {
  readonly upload: Upload;
  readonly signer: URL;
  readonly onClose: () => void;
}

export function How({ upload, signer, onClose }: HowProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { asked, file, stage, ticket } = upload;
  return (
    // The browser closes it by Escape and by a click outside, and gives the focus back.
    <dialog ref={dialog} closedby="any" aria-labelledby="how-title" class="how" onClose={onClose}>
      <div class="how-top">
        <h2 id="how-title">How {file.name} was signed</h2>
        <button type="button" class="button small" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <div class="steps">
        <section>
          <h3>The browser asked</h3>
          <CodeBlock name="the request" text={requestText(signer, asked)} />
        </section>
        {ticket !== undefined && <TicketSteps ticket={ticket} fileName={file.name} />}
        {ticket === undefined && stage.name === "refused" && (
          <section>
            <h3>The signer gave no ticket</h3>
            <p>{stage.refused.message}</p>
            {stage.refused.problem !== undefined && (
              <CodeBlock name="the answer" text={prettyJson(stage.refused.problem)} />
            )}
          </section>
        )}
        <section>
          <h3>The same in your own page</h3>
          <p class="quiet">
            The page's origin must be among the signer's <code>allowedOrigins</code>. With nothing but the
            browser:
          </p>
          <CodeBlock name="the code" text={fetchSnippet(signer, asked)} />
          <p class="quiet">With this project's client, for progress, retries and large files:</p>
          <CodeBlock name="the code with the client" text={clientSnippet(signer, asked)} />
        </section>
      </div>
    </dialog>
  );
}

function TicketSteps({
  ticket,
  fileName,
}: {
  readonly ticket: NonNullable<Upload["ticket"]>;
  readonly fileName: string;
}) {
  const { expires_at, fields, url } = ticket;
  const over = expires_at * 1000 < Date.now();
  return (
    <>
      <section>
        <h3>The signer answered a ticket</h3>
        <p class="quiet">
          {over ? "It was good until" : "It is good until"}{" "}
          <time dateTime={new Date(expires_at * 1000).toISOString()}>{clockText(expires_at)}</time>
          {over ? "; each upload gets its own." : ", for these fields and no others."}
        </p>
        <CodeBlock name="the ticket" text={prettyJson(ticket)} />
      </section>
      <section>
        <h3>It had signed this text</h3>
        <SignedString fields={fields} />
      </section>
      <section>
        <h3>The browser sent this form to Cloudinary</h3>
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(fields).map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">file</th>
              <td>{fileName}, which no signature covers</td>
            </tr>
          </tbody>
        </table>
      </section>
      <section>
        <h3>The same in a terminal</h3>
        <p class="quiet">
          Run it in the file's folder, while the ticket is good. It asks for the same name again; where the
          profile sets overwrite=false, Cloudinary answers the asset that is there.
        </p>
        <CodeBlock name="the curl command" text={curlCommand(url, fields, fileName)} />
      </section>
    </>
  );
}
