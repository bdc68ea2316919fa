// The profile as a menu, and what it takes in words.

import { useState } from "preact/hooks";
import type { ProfileDescription } from "../client/client.ts";
import { Prose } from "./prose.tsx";
import { DEFAULTS, type SettingName, type Settings } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import { knownNames, useProfile } from "./use-profile.ts";

interface ProfileMenuProps {
  readonly signer: URL;
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
  readonly onSetting: (setting: SettingName) => void;
}

/** No name of a profile: it stands for one that is typed. */
const OTHER = "/";

/** Types of access methods that a page passes without a token. */
const OPEN: readonly string[] = ["public", "origin"];

export function ProfileMenu({ signer, settings, onChange, onSetting }: ProfileMenuProps) {
  const [names] = useState(knownNames);
  const [isOther, setOther] = useState(false);
  // Not every letter is a profile: what is typed is asked about when it is done.
  const [asked, setAsked] = useState(settings.profile);
  const described = useProfile(signer, asked);
  const choose = (profile: string) => {
    onChange({ ...settings, profile });
    setAsked(profile.trim() || DEFAULTS.profile);
  };
  return (
    <div class="profile">
      <label for="profile">{TEXTS.profile}</label>
      <select
        id="profile"
        name={isOther ? undefined : "profile"}
        aria-describedby="profile-limits"
        value={isOther ? OTHER : settings.profile}
        onChange={({ currentTarget: { value } }) => {
          setOther(value === OTHER);
          if (value !== OTHER) choose(value);
        }}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        <option value={OTHER}>{TEXTS.otherProfile}</option>
      </select>
      {isOther && (
        <input
          name="profile"
          aria-label={TEXTS.profileName}
          placeholder={TEXTS.profileName}
          value={names.includes(settings.profile) ? "" : settings.profile}
          spellcheck={false}
          autocapitalize="none"
          autocomplete="off"
          onInput={({ currentTarget }) => onChange({ ...settings, profile: currentTarget.value })}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
      )}
      <Hint described={described} asked={asked} hasToken={settings.token !== ""} onSetting={onSetting} />
    </div>
  );
}

interface HintProps extends Pick<ProfileMenuProps, "onSetting"> {
  readonly described: ReturnType<typeof useProfile>;
  readonly asked: string;
  readonly hasToken: boolean;
}

function Hint({ described, asked, hasToken, onSetting }: HintProps) {
  return (
    <p id="profile-limits" class="hint">
      {described === "missing" ? (
        <span class="wrong">{TEXTS.profileMissing(asked)}</span>
      ) : (
        described !== undefined && <Limits described={described} />
      )}
      {typeof described === "object" && wantsToken(described) && !hasToken && (
        <>
          {" "}
          {TEXTS.wantsToken}{" "}
          <button type="button" class="link" onClick={() => onSetting("token")}>
            {TEXTS.enterToken}
          </button>
        </>
      )}
    </p>
  );
}

const wantsToken = ({ access }: ProfileDescription): boolean => !access.some((type) => OPEN.includes(type));

function Limits({ described }: { readonly described: ProfileDescription }) {
  const { method, resourceType, file, accept } = described;
  if (method !== "upload") return <>{TEXTS.notForUploads(method)}</>;
  const params = Object.keys(accept);
  const formats = file?.formats?.map((format) => format.toUpperCase()) ?? [];
  const words = [
    TEXTS.takes(resourceType, formats),
    ...(file?.maxBytes === undefined ? [] : [TEXTS.upTo(file.maxBytes)]),
    ...(file === undefined ? [] : [TEXTS.atOnce(file.maxFiles)]),
  ];
  return (
    <>
      {words.join(", ")}
      {file === undefined && TEXTS.noLimits}.
      {params.length > 0 && (
        <>
          {" "}
          <Prose text={TEXTS.mayAdd(params)} />
        </>
      )}
    </>
  );
}
