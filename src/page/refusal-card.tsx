// Why an upload was refused, in sentences, and how to mend it.

import { mendOf } from "./fix.ts";
import type { SettingName } from "./settings.ts";
import type { Refused } from "./uploads.ts";

interface RefusalProps {
  readonly refused: Refused;
  readonly onSetting: (setting: SettingName) => void;
}

export function Refusal({ refused, onSetting }: RefusalProps) {
  const mend = mendOf(refused);
  const setting = mend?.setting;
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
      {mend !== undefined && (
        <p class="mend">
          {mend.text}{" "}
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
