// The uploads of the page: the client's own store, and what a person can do with it.

import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import {
  type ActOptions,
  type CloudinaryAnswer,
  createUploads,
  type FilesToAdd,
  type UploadItem,
  type UploadsSnapshot,
} from "../client/client.ts";
import { type Change, changeArrived } from "./arrived.ts";
import { removeOwn, renameOwn } from "./own-assets.ts";
import { readSettings, readToken, type SettingName, type Settings } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import type { Arrived, Asked, Upload } from "./uploads.ts";
import { useMessages } from "./use-messages.ts";

/** What goes with each item, by its ID. */
type AllAsked = ReadonlyMap<string, Asked>;

/** When each answer came, in Unix seconds. */
const answeredAt = new WeakMap<CloudinaryAnswer, number>();

function useStore(signer: URL, token: () => string, onSettled: (item: UploadItem) => void) {
  const latest = useRef({ token, onSettled });
  latest.current = { token, onSettled };
  const store = useMemo(
    () =>
      createUploads({
        signer,
        // Asked anew for each request: what is typed meanwhile counts, for a retry too.
        token: () => latest.current.token(),
        onSettled: (item) => latest.current.onSettled(item),
      }),
    [signer],
  );
  const [snapshot, setSnapshot] = useState(store.getSnapshot);
  useEffect(() => store.subscribe(setSnapshot), [store]);
  return { store, snapshot };
}

/** An item with what is known beside it. */
function uploadOf(item: UploadItem, asked: AllAsked): Upload {
  if (item.answer !== undefined && !answeredAt.has(item.answer))
    answeredAt.set(item.answer, Date.now() / 1000);
  const at = item.answer && answeredAt.get(item.answer);
  return { item, asked: asked.get(item.id) ?? NOTHING, ...(at !== undefined && { answeredAt: at }) };
}

/** For the moment between a file's being there and its ID's. */
const NOTHING: Asked = { profile: "", params: {}, withToken: false };

/** What is said when an upload ends, of which so many are done. */
function endOf({ status, name, reason = "" }: UploadItem, done: number): string {
  if (status === "failed") return TEXTS.saidFailed(name, reason);
  if (status === "cancelled") return TEXTS.saidCancelled(name);
  return done === 1 ? TEXTS.saidUploaded(name) : TEXTS.saidAllUploaded(done);
}

function useSaidOffline({ isOffline, isActive }: UploadsSnapshot, say: (text: string) => void): void {
  const isHeldUp = isOffline && isActive;
  useEffect(() => {
    if (isHeldUp) say(TEXTS.offline);
  }, [isHeldUp, say]);
}

/** `openSettings` shows the setting that keeps an upload from starting. */
export function useUploads(signer: URL, settings: Settings, openSettings: (setting: SettingName) => void) {
  const [arrived, change] = useReducer(changeArrived, []);
  const [notice, setNotice] = useState("");
  const { messages, say } = useMessages();
  const [asked, setAsked] = useState<AllAsked>(new Map());

  const onSettled = (item: UploadItem): void => {
    const { isActive, total } = store.getSnapshot();
    // Once, and not for each of sixty.
    if (item.status !== "done" || !isActive) say(endOf(item, total.done));
    if (item.status === "done") change({ type: "arrived", upload: uploadOf(item, asked) });
  };
  const { store, snapshot } = useStore(signer, () => readToken(settings.token), onSettled);
  useSaidOffline(snapshot, say);

  const refuse = useCallback(
    (text: string) => {
      setNotice(text);
      say(text);
    },
    [say],
  );

  const take = useCallback(
    async (files: FilesToAdd): Promise<boolean> => {
      const now = readSettings(settings);
      if (now === undefined) {
        openSettings("params");
        refuse(TEXTS.nothingUploaded);
        return false;
      }
      setNotice("");
      const { profile, params } = now;
      try {
        const options = { params, ...(profile !== "default" && { profile }) };
        const ids = await store.add(files, options);
        setAsked((before) => new Map([...before, ...ids.map((id) => [id, now] as const)]));
        return true;
      } catch (error) {
        refuse((error as Error).message);
        return false;
      }
    },
    [openSettings, refuse, settings, store],
  );

  /** What is wrong with the request is not helped by the same request: it is made anew, with the settings of now. */
  const again = async ({ id, file, canRetry }: UploadItem): Promise<void> => {
    setNotice("");
    if (canRetry) store.retry(id);
    else if (await take([file])) store.remove(id);
  };

  const uploads = useMemo(
    () => snapshot.items.map((item) => uploadOf(item, asked)).reverse(),
    [asked, snapshot],
  );
  const own = useOwn(signer, settings.token, change, say);
  return { uploads, snapshot, store, arrived, notice, messages, take, refuse, again, own };
}

/** What its user may do to what arrived, with the token that is there now; each answers why it was not done. */
function useOwn(signer: URL, typed: string, change: (change: Change) => void, say: (text: string) => void) {
  const act = async (doing: (options: ActOptions) => Promise<Change>, said: string) => {
    const token = readToken(typed);
    try {
      change(await doing({ signer, ...(token !== "" && { token }) }));
      say(said);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return {
    onDelete: (one: Arrived) => act((options) => removeOwn(one, options), TEXTS.saidDeleted(one.name)),
    onRename: (one: Arrived, name: string) =>
      act((options) => renameOwn(one, name, options), TEXTS.saidRenamed(name)),
  };
}
