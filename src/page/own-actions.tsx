// The buttons below a picture that its user may delete and rename.

import { useEffect, useRef, useState } from "preact/hooks";
import { focusChooser } from "./chooser.tsx";
import { Prose } from "./prose.tsx";
import { TEXTS } from "./texts.ts";
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

/** A name to choose, and the old one to begin with. */
function NewName({
  arrived,
  name,
  busy,
  onName,
  onCancel,
}: Pick<OwnActionsProps, "arrived" | "name"> & {
  readonly busy: boolean;
  readonly onName: (name: string) => void;
  readonly onCancel: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onName(String(new FormData(event.currentTarget).get("name")).trim());
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
      <button type="button" class="button small" onClick={onCancel}>
        {TEXTS.cancel}
      </button>
    </form>
  );
}

/** What deletes is not where a second press of the same key would hit it. */
function Sure({
  name,
  busy,
  onDelete,
  onKeep,
}: {
  readonly name: string;
  readonly busy: boolean;
  readonly onDelete: () => void;
  readonly onKeep: () => void;
}) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <fieldset aria-label={TEXTS.deleteAsset(name)}>
      <button type="button" class="button small" disabled={busy} onClick={onDelete}>
        {TEXTS.deleteForGood}
      </button>
      <button ref={keep} type="button" class="button small" onClick={onKeep}>
        {TEXTS.keep}
      </button>
    </fieldset>
  );
}

/** The two buttons; what was left has the focus, since what had it is gone. */
function Begin({
  name,
  busy,
  left,
  onStep,
}: {
  readonly name: string;
  readonly busy: boolean;
  readonly left: Step | undefined;
  readonly onStep: (step: Step) => void;
}) {
  const last = useRef<HTMLButtonElement>(null);
  useEffect(() => last.current?.focus(), []);
  const button = (step: Step, text: string, label: string) => (
    <button
      {...(step === left && { ref: last })}
      type="button"
      class="button small"
      disabled={busy}
      aria-label={label}
      onClick={() => onStep(step)}
    >
      {text}
    </button>
  );
  const renamer = button("rename", TEXTS.rename, TEXTS.renameAsset(name));
  const deleter = button("delete", TEXTS.delete, TEXTS.deleteAsset(name));
  return (
    <>
      {renamer}
      {deleter}
    </>
  );
}

export function OwnActions({ arrived, name, onDelete, onRename }: OwnActionsProps) {
  const [step, setStep] = useState<Step>();
  const [left, setLeft] = useState<Step>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const leave = () => {
    setLeft(step);
    setStep(undefined);
  };
  /** Does it, and goes on where nothing was wrong. */
  const run = async (doing: Promise<string | undefined>, then: () => void) => {
    setBusy(true);
    const why = await doing;
    setBusy(false);
    setProblem(why);
    if (why === undefined) then();
  };
  const common = { name, busy };
  return (
    <div class="own">
      {step === "rename" && (
        <NewName
          {...common}
          arrived={arrived}
          onName={(chosen) => void run(onRename(arrived, chosen), leave)}
          onCancel={leave}
        />
      )}
      {step === "delete" && (
        <Sure {...common} onDelete={() => void run(onDelete(arrived), focusChooser)} onKeep={leave} />
      )}
      {step === undefined && <Begin {...common} left={left} onStep={setStep} />}
      {problem !== undefined && (
        <span role="alert">
          <Prose text={problem} />
        </span>
      )}
    </div>
  );
}
