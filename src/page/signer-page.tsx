// The page as a whole: what stands where.

import { useCallback, useRef, useState } from "preact/hooks";
import { Chooser } from "./chooser.tsx";
import { Faults } from "./faults.tsx";
import { useIncoming } from "./files.ts";
import { Gallery } from "./gallery.tsx";
import { How } from "./how.tsx";
import { PasteBox } from "./paste-box.tsx";
import { Prose } from "./prose.tsx";
import { DEFAULTS, type SettingName } from "./settings.ts";
import { SettingsPanel } from "./settings-panel.tsx";
import { UploadList } from "./upload-list.tsx";
import { arrived } from "./uploads.ts";
import { useUploads } from "./use-uploads.ts";

export function App({ signer }: { readonly signer: URL }) {
  const [settings, setSettings] = useState(DEFAULTS);
  const [shown, setShown] = useState<number>();
  const panel = useRef<HTMLDetailsElement>(null);

  const openSettings = useCallback((setting: SettingName) => {
    if (panel.current === null) return;
    panel.current.open = true;
    panel.current.querySelector<HTMLElement>(`[name=${setting}]`)?.focus();
  }, []);

  const { state, notice, take, retry, cancel, remove, own } = useUploads(signer, settings, openSettings);
  const hovering = useIncoming(take);
  const opened = state.uploads.find(({ id }) => id === shown);
  return (
    <>
      <Faults signer={signer} />
      <div class="columns">
        <div class="column">
          <Chooser hovering={hovering} notice={notice} onFiles={(files) => take({ files, folders: 0 })} />
          <SettingsPanel panel={panel} settings={settings} onChange={setSettings} />
          <UploadList
            uploads={state.uploads.filter(({ removed }) => !removed)}
            shown={shown}
            onCancel={cancel}
            onRetry={retry}
            onRemove={remove}
            onDetails={setShown}
            onSetting={openSettings}
          />
        </div>
        <Gallery arrived={arrived(state)} shown={shown} onDetails={setShown} {...own} />
      </div>
      <PasteBox />
      {opened !== undefined && <How upload={opened} signer={signer} onClose={() => setShown(undefined)} />}
      <div role="status" aria-atomic="false" class="unseen">
        {state.messages.map(({ id, text }) => (
          <p key={id}>
            <Prose text={text} />
          </p>
        ))}
      </div>
    </>
  );
}
