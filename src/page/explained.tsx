// An explanation: what is surely wrong and what to do, then what may be, then both sides field by field.

import type { ComparedField } from "../explain/explanation.ts";
import type { TitledCause, TitledExplanation } from "./explainer.ts";
import { Prose } from "./prose.tsx";
import { TEXTS } from "./texts.ts";

const isDifference = ({ verdict }: ComparedField): boolean =>
  verdict !== "same" && verdict !== "never signed";

export function Explained({ explanation }: { readonly explanation: TitledExplanation }) {
  const { causes, fields } = explanation;
  // Two mistakes at once are both shown; a guess stands alone.
  const sure = causes.filter(({ certainty }) => certainty === "certain").length;
  const first = causes.slice(0, Math.max(sure, 1));
  const rest = causes.slice(first.length);
  return (
    <div class="explained">
      {first.map((cause) => (
        <CauseText key={cause.code} cause={cause} />
      ))}
      {rest.length > 0 && (
        <details>
          <summary>{TEXTS.lessLikely(rest.length)}</summary>
          <ul>
            {rest.map((cause) => (
              <li key={cause.code}>
                <CauseText cause={cause} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {fields.some(isDifference) && <Comparison fields={fields} />}
    </div>
  );
}

function CauseText({ cause }: { readonly cause: TitledCause }) {
  return (
    <div class="cause">
      <p>
        <strong>
          <Prose text={cause.title} />
        </strong>
      </p>
      <p>
        <Prose text={cause.sentence} />
      </p>
      <p>
        <b>{TEXTS.whatToDo}</b> <Prose text={cause.fix} />
      </p>
    </div>
  );
}

function Comparison({ fields }: { readonly fields: readonly ComparedField[] }) {
  return (
    <table class="compared">
      <caption>{TEXTS.fieldByField}</caption>
      <thead>
        <tr>
          <th scope="col">{TEXTS.field}</th>
          <th scope="col">{TEXTS.signed}</th>
          <th scope="col">{TEXTS.sent}</th>
          <th scope="col">{TEXTS.verdict}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name} class={isDifference(field) ? "differs" : ""}>
            <th scope="row">{field.name}</th>
            <td>{field.signed}</td>
            <td>{field.sent}</td>
            <td>{TEXTS.verdictOf(field.verdict)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
