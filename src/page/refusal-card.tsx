// Why an upload was refused, in sentences, and how to fix it.

import { fixOf } from "./fix.ts";
import { Prose } from "./prose.tsx";
import type { SettingName } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import type { Refused, Upload } from "./uploads.ts";
import { useExplanation } from "./use-explainer.ts";

interface RefusalProps {
  readonly upload: Upload;
  readonly refused: Refused;
  /** The upload's panel is open. */
  readonly open: boolean;
  readonly onSetting: (setting: SettingName) => void;
  readonly onDetails: (id: number) => void;
}

export function Refusal({ upload, refused, open, onSetting, onDetails }: RefusalProps) {
  const explanation = useExplanation(upload);
  const cause = typeof explanation === "object" ? explanation.causes[0] : undefined;
  const fix = fixOf(refused);
  const setting = fix?.setting;
  const errors = refused.code === "file_refused" ? undefined : refused.problem?.errors;
  return (
    <div class="refusal">
      <p>
        <Prose text={errors === undefined ? messageOf(refused) : TEXTS.parametersRefused(errors.length)} />
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
      {cause !== undefined && (
        <p class="fix">
          <strong>
            <Prose text={cause.title} />
          </strong>{" "}
          <button
            type="button"
            class="link"
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => onDetails(upload.id)}
          >
            {TEXTS.howToFix}
          </button>
        </p>
      )}
    </div>
  );
}

/** Of a file one limit is told, the first that it breaks. */
const messageOf = ({ code, message, problem }: Refused): string =>
  code === "file_refused" ? TEXTS.fileRefused(problem?.errors?.[0]?.detail ?? message) : message;
