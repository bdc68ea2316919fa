// The page as a whole: holds the state, and passes it down.

import { useCallback, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { Chooser } from "./chooser.tsx";
import { type Incoming, useIncoming } from "./files.ts";
import { Gallery } from "./gallery.tsx";
import { How } from "./how.tsx";
import { DEFAULTS, readSettings, readToken, type SettingName } from "./settings.ts";
import { SettingsPanel } from "./settings-panel.tsx";
import { createTransfers } from "./transfers.ts";
import { UploadList } from "./upload-list.tsx";
import { arrived, EMPTY, reduce, type Upload } from "./uploads.ts";

let lastId = 0;

export function App({ signer }: { readonly signer: URL }) {
  const [state, dispatch] = useReducer(reduce, EMPTY);
  const [settings, setSettings] = useState(DEFAULTS);
  const [notice, setNotice] = useState("");
  const [shown, setShown] = useState<number>();
  const transfers = useMemo(() => createTransfers(signer, dispatch), [signer]);
  const panel = useRef<HTMLDetailsElement>(null);

  const openSettings = useCallback((setting: SettingName) => {
    if (panel.current === null) return;
    panel.current.open = true;
    panel.current.querySelector<HTMLElement>(`[name=${setting}]`)?.focus();
  }, []);

  const refuse = useCallback((text: string) => {
    setNotice(text);
    dispatch({ type: "said", text });
  }, []);

  /** What an upload asks for now; tells where to look while that can't be read. */
  const asking = useCallback(() => {
    const asked = readSettings(settings);
    if (asked !== undefined) return asked;
    openSettings("params");
    refuse("Nothing was uploaded: the parameters in Settings are not a JSON object.");
  }, [settings, openSettings, refuse]);

  const take = useCallback(
    ({ files, folders }: Incoming) => {
      if (files.length === 0 && folders === 0) return;
      setNotice("");
      if (folders > 0) refuse("A folder can't be uploaded as it is: open it, and drop the files in it.");
      const asked = files.length > 0 ? asking() : undefined;
      if (asked === undefined) return;
      const uploads = files.map((file) => ({ id: ++lastId, file, asked }));
      dispatch({ type: "added", uploads });
      for (const { id, file } of uploads) transfers.start(id, file, asked, readToken(settings.token));
    },
    [asking, refuse, settings, transfers],
  );

  const retry = ({ id, file }: Upload): boolean => {
    setNotice("");
    const asked = asking();
    if (asked === undefined) return false;
    dispatch({ type: "retried", id, asked });
    transfers.start(id, file, asked, readToken(settings.token));
    return true;
  };

  const hovering = useIncoming(take);
  const opened = state.uploads.find(({ id }) => id === shown);
  return (
    <>
      <div class="columns">
        <div class="column">
          <Chooser hovering={hovering} notice={notice} onFiles={(files) => take({ files, folders: 0 })} />
          <SettingsPanel panel={panel} settings={settings} onChange={setSettings} />
          <UploadList
            uploads={state.uploads.filter(({ removed }) => !removed)}
            shown={shown}
            onCancel={({ id }) => transfers.cancel(id)}
            onRetry={retry}
            onRemove={(ids) => dispatch({ type: "removed", ids })}
            onHow={setShown}
            onSetting={openSettings}
          />
        </div>
        <Gallery arrived={arrived(state)} shown={shown} onHow={setShown} />
      </div>
      {opened !== undefined && <How upload={opened} signer={signer} onClose={() => setShown(undefined)} />}
      <div role="status" aria-atomic="false" class="unseen">
        {state.messages.map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
      </div>
    </>
  );
}
