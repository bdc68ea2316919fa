// Why an upload was refused, in sentences, and how to fix it.

import { fixOf } from "./fix.ts";
import { Prose } from "./prose.tsx";
import type { SettingName } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import type { Refused } from "./uploads.ts";

interface RefusalProps {
  readonly refused: Refused;
  readonly onSetting: (setting: SettingName) => void;
}

export function Refusal({ refused, onSetting }: RefusalProps) {
  const fix = fixOf(refused);
  const setting = fix?.setting;
  const errors = refused.problem?.errors;
  return (
    <div class="refusal">
      <p>
        <Prose text={errors === undefined ? refused.message : TEXTS.parametersRefused(errors.length)} />
      </p>
      {errors !== undefined && (
        <ul>
          {errors.map(({ param, detail }) => (
            <li key={param}>
              <code>{param}</code>: <Prose text={detail} />
            </li>
          ))}
        </ul>
      )}
      {fix !== undefined && (
        <p class="fix">
          <Prose text={fix.text} />{" "}
          {setting !== undefined && (
            <button type="button" class="link" onClick={() => onSetting(setting)}>
              {TEXTS.openSettings}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
