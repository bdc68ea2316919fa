// What the signer tells of the profile that is chosen, and the names that the page was built with.

import { useEffect, useState } from "preact/hooks";
import { describeProfile, type ProfileDescription, UploadError } from "../client/client.ts";
import { DEFAULTS } from "./settings.ts";

/**
 * The names that stand in the menu: the signer lists none, so whoever builds the page may write some into its head, as
 * the demo's build does.
 */
export function knownNames(): readonly string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="signer-profiles"]');
  const written = meta?.content.split(" ").filter((name) => name !== "") ?? [];
  return written.length > 0 ? written : [DEFAULTS.profile];
}

/** `missing` where there is no such profile; `undefined` until it is known, and where it can't be. */
export function useProfile(signer: URL, profile: string): ProfileDescription | "missing" | undefined {
  const [told, setTold] = useState<{ profile: string; description: ProfileDescription | "missing" }>();
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    describeProfile({ signer, signal, retries: 0, ...(profile !== DEFAULTS.profile && { profile }) }).then(
      (description) => setTold({ profile, description }),
      (error) => {
        if (error instanceof UploadError && error.status === 404)
          setTold({ profile, description: "missing" });
      },
    );
    return () => stop.abort();
  }, [signer, profile]);
  return told?.profile === profile ? told.description : undefined;
}
