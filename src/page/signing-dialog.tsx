// The panel that shows how one upload was signed, from the request to code for one's own page.

import { useEffect, useRef } from "preact/hooks";
import type { Ticket } from "../client/client.ts";
import { curlCommand } from "../tickets/curl.ts";
import { Answered } from "./answered.tsx";
import { CodeBlock } from "./code-block.tsx";
import { prettyJson } from "./format.ts";
import { Prose } from "./prose.tsx";
import { SignedString } from "./signed-string.tsx";
import { claimsOf, clientSnippet, fetchSnippet, requestText } from "./snippets.ts";
import { TEXTS } from "./texts.ts";
import { type Asked, problemOf, type Upload } from "./uploads.ts";

/** The form's field that holds the file, by Cloudinary's name. */
const FILE_FIELD = "file";

interface SigningDialogProps {
  readonly upload: Upload;
  readonly signer: URL;
  readonly onClose: () => void;
}

export function SigningDialog({ upload, signer, onClose }: SigningDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // Who was refused wants to know why, first.
    dialog.current?.querySelector(".answered.failed")?.scrollIntoView();
  }, []);
  const { asked, item } = upload;
  const { file, name, ticket, result } = item;
  const refused = ticket === undefined ? item.error : undefined;
  const problem = problemOf(item);
  return (
    // The browser closes it by Escape and by a click outside, and gives the focus back.
    <dialog
      ref={dialog}
      closedby="any"
      aria-labelledby="signing-title"
      class="dialog signing"
      onClose={onClose}
    >
      <div class="dialog-top">
        <h2 id="signing-title">{refused === undefined ? TEXTS.howSigned(name) : TEXTS.whyNotSigned(name)}</h2>
        <button type="button" class="button small" onClick={() => dialog.current?.close()}>
          {TEXTS.close}
        </button>
      </div>
      <div class="steps">
        <section>
          <h3>{TEXTS.browserAsked}</h3>
          <CodeBlock texts={TEXTS.request} code={requestText(signer, asked, file)} />
        </section>
        {ticket !== undefined && (
          <>
            <TicketSteps ticket={ticket} fileName={name} />
            <Answered upload={upload} />
            {result?.receipt !== undefined && <Receipt receipt={result.receipt} data={result.data} />}
            <InTerminal ticket={ticket} fileName={name} />
          </>
        )}
        {refused !== undefined && (
          <section>
            <h3>{TEXTS.ticketRefused}</h3>
            <p>
              <Prose text={refused.message} />
            </p>
            {problem !== undefined && <CodeBlock texts={TEXTS.answer} code={prettyJson(problem)} />}
          </section>
        )}
        <InOwnPage signer={signer} asked={asked} />
      </div>
    </dialog>
  );
}

function InOwnPage({ signer, asked }: { readonly signer: URL; readonly asked: Asked }) {
  return (
    <section>
      <h3>{TEXTS.inOwnPage}</h3>
      <p class="quiet">
        <Prose text={TEXTS.withBrowserAlone} />
      </p>
      <CodeBlock texts={TEXTS.code} code={fetchSnippet(signer, asked)} />
      <p class="quiet">{TEXTS.withClient}</p>
      <CodeBlock texts={TEXTS.clientCode} code={clientSnippet(signer, asked)} />
    </section>
  );
}

interface TicketProps {
  readonly ticket: Ticket;
  readonly fileName: string;
}

function TicketSteps({ ticket, fileName }: TicketProps) {
  const { expires_at, fields } = ticket;
  const expired = expires_at * 1000 < Date.now();
  return (
    <>
      <section>
        <h3>{TEXTS.ticketAnswered}</h3>
        <p class="quiet">{expired ? TEXTS.ticketExpired(expires_at) : TEXTS.ticketValid(expires_at)}</p>
        <CodeBlock texts={TEXTS.ticket} code={prettyJson(ticket)} />
      </section>
      <section>
        <h3>{TEXTS.stringSigned}</h3>
        <SignedString fields={fields} />
      </section>
      <section>
        <h3>{TEXTS.formSent}</h3>
        <table>
          <thead>
            <tr>
              <th scope="col">{TEXTS.field}</th>
              <th scope="col">{TEXTS.value}</th>
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
              <th scope="row">{FILE_FIELD}</th>
              <td>{TEXTS.fileUnsigned(fileName)}</td>
            </tr>
          </tbody>
        </table>
      </section>
    </>
  );
}

/** What the application gets: the receipt as it came, what it claims, and what the application answered. */
function Receipt({ receipt, data }: { readonly receipt: string; readonly data: unknown }) {
  return (
    <section>
      <h3>{TEXTS.confirmed}</h3>
      <p class="quiet">
        <Prose text={TEXTS.receiptHint} />
      </p>
      <CodeBlock texts={TEXTS.claims} code={claimsOf(receipt)} />
      <CodeBlock texts={TEXTS.receipt} code={receipt} />
      {data !== undefined && data !== null && (
        <CodeBlock texts={TEXTS.applicationData} code={prettyJson(data)} />
      )}
    </section>
  );
}

function InTerminal({ ticket, fileName }: TicketProps) {
  return (
    <section>
      <h3>{TEXTS.inTerminal}</h3>
      <p class="quiet">
        <Prose text={TEXTS.inTerminalHint} />
      </p>
      <CodeBlock texts={TEXTS.curlCommand} code={curlCommand(ticket, fileName)} />
    </section>
  );
}
