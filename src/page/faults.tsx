// What is wrong with the signer's configuration, as its own `/health` tells: told before anybody tries to upload.

import { useEffect, useState } from "preact/hooks";
import { Prose } from "./prose.tsx";
import { TEXTS } from "./texts.ts";

/** A fault as strangers may hear it. */
interface Fault {
  readonly binding: string;
  readonly problem: string;
}

const isFault = (value: unknown): value is Fault =>
  typeof value === "object" && value !== null && "binding" in value && "problem" in value;

/** The faults that the signer tells; none where it can't be asked, which an upload tells better. */
async function askFaults(signer: URL): Promise<readonly Fault[]> {
  try {
    const answer: unknown = await (await fetch(new URL("health", signer))).json();
    const { faults } = answer as { faults?: unknown };
    return Array.isArray(faults) ? faults.filter(isFault) : [];
  } catch {
    return [];
  }
}

export function Faults({ signer }: { readonly signer: URL }) {
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  useEffect(() => {
    askFaults(signer).then(setFaults);
  }, [signer]);
  if (faults.length === 0) return null;
  return (
    <section class="refusal" role="alert">
      <p>{TEXTS.faults}</p>
      <ul>
        {faults.map(({ binding, problem }) => (
          <li key={`${binding} ${problem}`}>
            <code>{binding}</code> <Prose text={problem} />
          </li>
        ))}
      </ul>
    </section>
  );
}
