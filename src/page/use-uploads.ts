// The uploads of the page: the state, and what a person can do to it.

import { useCallback, useMemo, useReducer, useState } from "preact/hooks";
import type { ActOptions } from "../client/client.ts";
import type { Incoming } from "./files.ts";
import { removeOwn, renameOwn } from "./own-assets.ts";
import { readSettings, readToken, type SettingName, type Settings } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import { createTransfers } from "./transfers.ts";
import { type Action, type Arrived, EMPTY, reduce, type Upload } from "./uploads.ts";

let lastId = 0;

/** `openSettings` shows the setting that keeps an upload from starting. */
export function useUploads(signer: URL, settings: Settings, openSettings: (setting: SettingName) => void) {
  const [state, dispatch] = useReducer(reduce, EMPTY);
  const [notice, setNotice] = useState("");
  const transfers = useMemo(() => createTransfers(signer, dispatch), [signer]);

  const refuse = useCallback((text: string) => {
    setNotice(text);
    dispatch({ type: "said", text });
  }, []);

  /** What an upload asks for now; tells where to look while that can't be read. */
  const asking = useCallback(() => {
    const asked = readSettings(settings);
    if (asked !== undefined) return asked;
    openSettings("params");
    refuse(TEXTS.nothingUploaded);
  }, [settings, openSettings, refuse]);

  const take = useCallback(
    ({ files, folders }: Incoming) => {
      if (files.length === 0 && folders === 0) return;
      setNotice("");
      if (folders > 0) refuse(TEXTS.foldersRefused(folders));
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

  /** Does something to what arrived, with the token that is there now; answers why it was not done. */
  const own = async (doing: (options: ActOptions) => Promise<Action>): Promise<string | undefined> => {
    const token = readToken(settings.token);
    try {
      dispatch(await doing({ signer, ...(token !== "" && { token }) }));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const onDelete = (arrived: Arrived) => own((options) => removeOwn(arrived, options));
  const onRename = (arrived: Arrived, name: string) => own((options) => renameOwn(arrived, name, options));

  const cancel = ({ id }: Upload) => transfers.cancel(id);
  const remove = (ids: readonly number[]) => dispatch({ type: "removed", ids });
  return { state, notice, take, retry, cancel, remove, own: { onDelete, onRename } };
}
