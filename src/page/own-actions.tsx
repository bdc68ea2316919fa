// The buttons below a picture that its user may delete and rename.

import { useEffect, useRef, useState } from "preact/hooks";
import { Prose } from "./prose.tsx";
import { TEXTS } from "./texts.ts";
import { focusChooser } from "./upload-list.tsx";
import { type Arrived, ownName } from "./uploads.ts";

/** What can be done; each answers why it was not, in a sentence. */
export interface OwnHandlers {
  readonly onDelete: (arrived: Arrived) => Promise<string | undefined>;
  readonly onRename: (arrived: Arrived, name: string) => Promise<string | undefined>;
}

/** What was begun, and is not confirmed yet. */
type Step = "rename" | "delete";

interface OwnActionsProps extends OwnHandlers {
  readonly arrived: Arrived;
  /** How the picture is called on the page. */
  readonly name: string;
}

export function OwnActions({ arrived, name, onDelete, onRename }: OwnActionsProps) {
  const [step, setStep] = useState<Step>();
  const field = useRef<HTMLInputElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const renamer = useRef<HTMLButtonElement>(null);
  const deleter = useRef<HTMLButtonElement>(null);
  const before = useRef<Step>();
  useEffect(() => {
    if (step === "rename") field.current?.select();
    // What deletes is not where a second press of the same key would hit it.
    if (step === "delete") keep.current?.focus();
    // What had the focus is gone.
    if (step === undefined && before.current === "rename") renamer.current?.focus();
    if (step === undefined && before.current === "delete") deleter.current?.focus();
    before.current = step;
  }, [step]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (doing: Promise<string | undefined>) => {
    setBusy(true);
    const why = await doing;
    setBusy(false);
    setProblem(why);
    return why;
  };
  const remove = async () => {
    if ((await run(onDelete(arrived))) === undefined) focusChooser();
  };
  const rename = async (chosen: string) => {
    if ((await run(onRename(arrived, chosen))) === undefined) setStep(undefined);
  };
  return (
    <div class="own">
      {step === "rename" && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void rename(String(new FormData(event.currentTarget).get("name")).trim());
          }}
        >
          <input
            name="name"
            required
            aria-label={TEXTS.newNameOf(name)}
            defaultValue={ownName(arrived.asset.public_id)}
            ref={field}
          />
          <button type="submit" class="button small" disabled={busy}>
            {TEXTS.save}
          </button>
          <button type="button" class="button small" onClick={() => setStep(undefined)}>
            {TEXTS.cancel}
          </button>
        </form>
      )}
      {step === "delete" && (
        <fieldset aria-label={TEXTS.deleteAsset(name)}>
          <button type="button" class="button small" disabled={busy} onClick={() => void remove()}>
            {TEXTS.deleteForGood}
          </button>
          <button ref={keep} type="button" class="button small" onClick={() => setStep(undefined)}>
            {TEXTS.keep}
          </button>
        </fieldset>
      )}
      {step === undefined && (
        <>
          <button
            ref={renamer}
            type="button"
            class="button small"
            disabled={busy}
            aria-label={TEXTS.renameAsset(name)}
            onClick={() => setStep("rename")}
          >
            {TEXTS.rename}
          </button>
          <button
            ref={deleter}
            type="button"
            class="button small"
            disabled={busy}
            aria-label={TEXTS.deleteAsset(name)}
            onClick={() => setStep("delete")}
          >
            {TEXTS.delete}
          </button>
        </>
      )}
      {problem !== undefined && (
        <span role="alert">
          <Prose text={problem} />
        </span>
      )}
    </div>
  );
}
