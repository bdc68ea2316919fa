// The settings: what goes with the uploads that start from now on, beside the profile.

import type { RefObject } from "preact";
import { Prose } from "./prose.tsx";
import { readParams, type Settings } from "./settings.ts";
import { TEXTS } from "./texts.ts";

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
      <summary>{TEXTS.settings}</summary>
      <form onSubmit={(event) => event.preventDefault()} autocomplete="off">
        <p class="quiet">{TEXTS.settingsHint}</p>
        <label for="token">{TEXTS.token}</label>
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
          {TEXTS.tokenHint}
        </p>
        <label for="params">{TEXTS.parameters}</label>
        <textarea
          id="params"
          name="params"
          rows={4}
          value={settings.params}
          placeholder={TEXTS.parametersExample}
          spellcheck={false}
          autocapitalize="none"
          aria-invalid={problem !== ""}
          aria-describedby="params-hint"
          onInput={({ currentTarget }) => onChange({ ...settings, params: currentTarget.value })}
        />
        <p id="params-hint" class={problem === "" ? "hint" : "hint wrong"}>
          <Prose text={problem || TEXTS.parametersHint} />
        </p>
      </form>
    </details>
  );
}
