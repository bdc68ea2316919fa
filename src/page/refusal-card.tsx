// Why an upload failed, in sentences, and how to fix it.

import { fixOf } from "./fix.ts";
import { Prose } from "./prose.tsx";
import type { SettingName } from "./settings.ts";
import { TEXTS } from "./texts.ts";
import { codeOf, problemOf, type Upload } from "./uploads.ts";
import { useExplanation } from "./use-explainer.ts";

interface RefusalProps {
  readonly upload: Upload;
  /** The upload's panel is open. */
  readonly open: boolean;
  readonly onSetting: (setting: SettingName) => void;
  readonly onDetails: (id: string) => void;
}

export function Refusal({ upload, open, onSetting, onDetails }: RefusalProps) {
  const { item } = upload;
  const explanation = useExplanation(upload);
  const cause = typeof explanation === "object" ? explanation.causes[0] : undefined;
  const fix = fixOf(item);
  const setting = fix?.setting;
  // Of a file one limit is told, the first that it breaks: that is the reason.
  const errors = codeOf(item) === "file_refused" ? undefined : problemOf(item)?.errors;
  return (
    <div class="refusal">
      <p>
        <Prose text={errors === undefined ? (item.reason ?? "") : TEXTS.parametersRefused(errors.length)} />
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
              {setting === "profile" ? TEXTS.chooseProfile : TEXTS.openSettings}
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
            onClick={() => onDetails(item.id)}
          >
            {TEXTS.howToFix}
          </button>
        </p>
      )}
    </div>
  );
}
