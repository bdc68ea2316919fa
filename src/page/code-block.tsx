// A block of code, with a button that copies it and says so.

import { useEffect, useRef, useState } from "preact/hooks";
import { type CodeTexts, TEXTS } from "./texts.ts";

/** How long the button says that it copied, in milliseconds. */
const SAID_FOR = 4000;

/** Answers whether it was copied: not outside a secure context, nor where it is not allowed. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function CodeBlock({ texts, code }: { readonly texts: CodeTexts; readonly code: string }) {
  const shown = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = async () => {
    if (await copyText(code)) return setSaid(TEXTS.copied);
    // The person can.
    if (shown.current) getSelection()?.selectAllChildren(shown.current);
    setSaid(TEXTS.selected);
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
