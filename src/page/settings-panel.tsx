// The settings: what goes with the uploads that start from now on.

import type { RefObject } from "preact";
import { readParams, type Settings } from "./settings.ts";

interface SettingsPanelProps {
  readonly panel: RefObject<HTMLDetailsElement>;
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

export function SettingsPanel({ panel, settings, onChange }: SettingsPanelProps) {
  const read = readParams(settings.params);
  const problem = "problem" in read ? read.problem : "";
  return (
    <details ref={panel} class="settings">
      <summary>Settings</summary>
      <form onSubmit={(event) => event.preventDefault()} autocomplete="off">
        <p class="quiet">For the uploads that you start from now on.</p>
        <label for="profile">Profile</label>
        <input
          id="profile"
          name="profile"
          value={settings.profile}
          placeholder="default"
          spellcheck={false}
          autocapitalize="none"
          autocomplete="off"
          onInput={({ currentTarget }) => onChange({ ...settings, profile: currentTarget.value })}
        />
        <label for="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          value={settings.token}
          autocomplete="off"
          aria-describedby="token-hint"
          onInput={({ currentTarget }) => onChange({ ...settings, token: currentTarget.value })}
        />
        <p id="token-hint" class="hint">
          Only for profiles that ask who you are: the text after “Bearer”. It is kept in memory, and forgotten
          with this page.
        </p>
        <label for="params">Parameters</label>
        <textarea
          id="params"
          name="params"
          rows={4}
          value={settings.params}
          placeholder={'{"context": {"alt": "A cat"}}'}
          spellcheck={false}
          autocapitalize="none"
          aria-invalid={problem !== ""}
          aria-describedby="params-hint"
          onInput={({ currentTarget }) => onChange({ ...settings, params: currentTarget.value })}
        />
        <p id="params-hint" class={problem === "" ? "hint" : "hint wrong"}>
          {problem || "JSON, by Cloudinary's names. The profile decides which it accepts."}
        </p>
      </form>
    </details>
  );
}
