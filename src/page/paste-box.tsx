// A refusal from anywhere, pasted and explained while it is typed. Nothing of it leaves the page.

import { useEffect, useMemo, useState } from "preact/hooks";
import { Explained } from "./explained.tsx";
import type { TitledExplanation } from "./explainer.ts";
import { Prose } from "./prose.tsx";
import { TEXTS } from "./texts.ts";
import { useExplainer } from "./use-explainer.ts";

/** How long typing must rest before the text is explained, in milliseconds. */
const REST = 300;

/** A text once it has rested. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

export function PasteBox() {
  // Loaded when the box is opened, so that no request is made when something is pasted.
  const [wanted, setWanted] = useState(false);
  const [text, setText] = useState("");
  const rested = useRested(text).trim();
  const explainer = useExplainer(wanted);
  const isAsked = typeof explainer === "object" && rested !== "";
  const explanation = useMemo(
    () => (isAsked ? explainer.explainText(rested) : undefined),
    [isAsked, explainer, rested],
  );
  return (
    <details class="settings paste" onToggle={() => setWanted(true)}>
      <summary>{TEXTS.pasteTitle}</summary>
      <form onSubmit={(event) => event.preventDefault()} autocomplete="off">
        <label for="pasted">{TEXTS.pasteLabel}</label>
        <textarea
          id="pasted"
          rows={6}
          value={text}
          placeholder={TEXTS.pasteExample}
          spellcheck={false}
          autocapitalize="none"
          autocomplete="off"
          aria-describedby="pasted-hint"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <p id="pasted-hint" class="hint">
          <Prose text={TEXTS.pasteHint} />
        </p>
        {explainer === "unreachable" && <p class="hint wrong">{TEXTS.explainerUnreachable}</p>}
        {isAsked && <Result explanation={explanation} />}
        {/* Said when the answer becomes another one, and not at every letter. */}
        <p role="status" class="unseen">
          {isAsked && <Prose text={explanation?.causes[0]?.title ?? TEXTS.nothingFound} />}
        </p>
      </form>
    </details>
  );
}

function Result({ explanation }: { readonly explanation: TitledExplanation | undefined }) {
  const wanted = explanation?.wanted ?? [];
  return (
    <>
      {explanation !== undefined && explanation.causes.length > 0 ? (
        <Explained explanation={explanation} />
      ) : (
        <p class="hint">{TEXTS.nothingFound}</p>
      )}
      {wanted.length > 0 && (
        <div class="hint">
          <p>{TEXTS.pasteToo}</p>
          <ul>
            {wanted.map((what) => (
              <li key={what}>
                <Prose text={what} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
