// The page as a whole: what stands where.

import { useCallback, useRef, useState } from "preact/hooks";
import type { Uploads } from "../client/client.ts";
import { Chooser } from "./chooser.tsx";
import { Faults } from "./faults.tsx";
import { useIncoming } from "./files.ts";
import { Gallery } from "./gallery.tsx";
import { Lightbox } from "./lightbox.tsx";
import { PasteBox } from "./paste-box.tsx";
import { ProfileMenu } from "./profile-menu.tsx";
import { Prose } from "./prose.tsx";
import { DEFAULTS, type SettingName } from "./settings.ts";
import { SettingsPanel } from "./settings-panel.tsx";
import { SigningDialog } from "./signing-dialog.tsx";
import { TEXTS } from "./texts.ts";
import { UploadList } from "./upload-list.tsx";
import type { Message } from "./use-messages.ts";
import { useUploads } from "./use-uploads.ts";

/** What rows and the bar for all ask of the store. */
const handlersOf = (store: Uploads) => ({
  onPause: store.pause,
  onResume: store.resume,
  onCancel: store.cancel,
  onRemove: (ids: readonly string[]) => ids.forEach(store.remove),
  onPauseAll: store.pauseAll,
  onResumeAll: store.resumeAll,
  onCancelAll: store.cancelAll,
  onRetryAll: store.retryAll,
});

export function App({ signer }: { readonly signer: URL }) {
  const [settings, setSettings] = useState(DEFAULTS);
  const [shown, setShown] = useState<string>();
  const [large, setLarge] = useState<string>();
  const panel = useRef<HTMLDetailsElement>(null);

  const openSettings = useCallback((setting: SettingName) => {
    const field = document.querySelector<HTMLElement>(`[name=${setting}]`);
    if (panel.current?.contains(field)) panel.current.open = true;
    field?.focus();
  }, []);

  const { uploads, snapshot, store, arrived, take, refuse, again, ...rest } = useUploads(
    signer,
    settings,
    openSettings,
  );
  const onText = useCallback(() => refuse(TEXTS.textIgnored), [refuse]);
  const hovering = useIncoming({ onFiles: take, onText });
  const opened = [...uploads, ...arrived.map(({ upload }) => upload)].find(({ item }) => item.id === shown);
  return (
    <>
      <Faults signer={signer} />
      <div class="columns">
        <Chooser hovering={hovering} notice={rest.notice} onFiles={take}>
          <ProfileMenu signer={signer} settings={settings} onChange={setSettings} onSetting={openSettings} />
        </Chooser>
        <div class="results">
          <UploadList
            uploads={uploads}
            snapshot={snapshot}
            shown={shown}
            {...handlersOf(store)}
            onRetry={(item) => void again(item)}
            onDetails={setShown}
            onSetting={openSettings}
          />
          <Gallery arrived={arrived} opened={large} onOpen={setLarge} {...rest.own} />
        </div>
        <div class="tools">
          <SettingsPanel panel={panel} settings={settings} onChange={setSettings} />
          <PasteBox />
        </div>
      </div>
      {large !== undefined && (
        <Lightbox arrived={arrived} id={large} onOpen={setLarge} onDetails={setShown} />
      )}
      {opened !== undefined && (
        <SigningDialog upload={opened} signer={signer} onClose={() => setShown(undefined)} />
      )}
      <Said messages={rest.messages} />
    </>
  );
}

/** What a screen reader says. */
function Said({ messages }: { readonly messages: readonly Message[] }) {
  return (
    <div role="status" aria-atomic="false" class="unseen">
      {messages.map(({ id, text }) => (
        <p key={id}>
          <Prose text={text} />
        </p>
      ))}
    </div>
  );
}
