// A block of code, with a button that copies it and says so.

import { useEffect, useRef, useState } from "preact/hooks";
import { type CodeTexts, TEXTS } from "./texts.ts";

/** How long the button says that it copied, in milliseconds. */
const SAID_FOR = 4000;

export function CodeBlock({ texts, code }: { readonly texts: CodeTexts; readonly code: string }) {
  const shown = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setSaid(TEXTS.copied);
    } catch {
      // Not in a secure context, or not allowed: the person can.
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setSaid(TEXTS.selected);
    }
  };
  return (
    <div class="code">
      <div class="code-top">
        <span class="quiet">{texts.name}</span>
        <span role="status">{said}</span>
        <button type="button" class="button small" aria-label={texts.copy} onClick={copy}>
          {TEXTS.copy}
        </button>
      </div>
      <pre>
        <code ref={shown}>{code}</code>
      </pre>
    </div>
  );
}
