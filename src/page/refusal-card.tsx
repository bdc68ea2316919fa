// Why an upload was refused, in sentences, and how to fix it.

import { fixOf } from "./fix.ts";
import type { SettingName } from "./settings.ts";
import type { Refused } from "./uploads.ts";

interface RefusalProps {
  readonly refused: Refused;
  readonly onSetting: (setting: SettingName) => void;
}

export function Refusal({ refused, onSetting }: RefusalProps) {
  const fix = fixOf(refused);
  const setting = fix?.setting;
  return (
    <div class="refusal">
      {refused.problem?.errors === undefined ? (
        <p>{refused.message}</p>
      ) : (
        <p>The profile refused these parameters:</p>
      )}
      {refused.problem?.errors !== undefined && (
        <ul>
          {refused.problem.errors.map(({ param, detail }) => (
            <li key={param}>
              <code>{param}</code>: {detail}
            </li>
          ))}
        </ul>
      )}
      {fix !== undefined && (
        <p class="fix">
          {fix.text}{" "}
          {setting !== undefined && (
            <button type="button" class="link" onClick={() => onSetting(setting)}>
              Open Settings
            </button>
          )}
        </p>
      )}
    </div>
  );
}
