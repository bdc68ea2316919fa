// A block of code, with a button that copies it and says so.

import { useEffect, useRef, useState } from "preact/hooks";

/** How long the button says that it copied, in milliseconds. */
const SAID_FOR = 4000;

/** `name` is what the button copies: "the curl command". */
export function CodeBlock({ name, text }: { readonly name: string; readonly text: string }) {
  const code = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      // Not in a secure context, or not allowed: the person can.
      if (code.current) getSelection()?.selectAllChildren(code.current);
      setSaid("Selected: copy it with your keyboard");
    }
  };
  return (
    <div class="code">
      <div class="code-top">
        <span class="quiet">{name.replace(/^the /, "")}</span>
        <span role="status">{said}</span>
        <button type="button" class="button small" aria-label={`Copy ${name}`} onClick={copy}>
          Copy
        </button>
      </div>
      <pre>
        <code ref={code}>{text}</code>
      </pre>
    </div>
  );
}
