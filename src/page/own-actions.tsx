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

interface OwnActionsProps extends OwnHandlers {
  readonly arrived: Arrived;
  /** How the picture is called on the page. */
  readonly name: string;
}

export function OwnActions({ arrived, name, onDelete, onRename }: OwnActionsProps) {
  const [renaming, setRenaming] = useState<boolean>();
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (renaming === true) field.current?.select();
    // Its form is gone with what had the focus.
    if (renaming === false) opener.current?.focus();
  }, [renaming]);
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
    if ((await run(onRename(arrived, chosen))) === undefined) setRenaming(false);
  };
  return (
    <div class="own">
      {renaming ? (
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
          <button type="button" class="button small" onClick={() => setRenaming(false)}>
            {TEXTS.cancel}
          </button>
        </form>
      ) : (
        <>
          <button
            ref={opener}
            type="button"
            class="button small"
            disabled={busy}
            aria-label={TEXTS.renameAsset(name)}
            onClick={() => setRenaming(true)}
          >
            {TEXTS.rename}
          </button>
          <button
            type="button"
            class="button small"
            disabled={busy}
            aria-label={TEXTS.deleteAsset(name)}
            onClick={() => void remove()}
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
