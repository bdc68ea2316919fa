// What Cloudinary answered to an upload, as it came; where it refused, why.

import { CodeBlock } from "./code-block.tsx";
import { Explained } from "./explained.tsx";
import { Prose } from "./prose.tsx";
import { answerText } from "./snippets.ts";
import { TEXTS } from "./texts.ts";
import { answerOf, type Upload } from "./uploads.ts";
import { useExplanation } from "./use-explainer.ts";

export function Answered({ upload }: { readonly upload: Upload }) {
  const explanation = useExplanation(upload);
  const { status, error } = upload.item;
  const answer = answerOf(upload);
  if (answer === undefined)
    return error === undefined ? null : (
      <section>
        <h3>{TEXTS.notAnswered}</h3>
        <p>
          <Prose text={error.message} />
        </p>
      </section>
    );
  return (
    <section class={`answered ${status}`}>
      <h3>{TEXTS.cloudinaryAnswered}</h3>
      <CodeBlock texts={TEXTS.cloudinaryAnswer} code={answerText(answer)} />
      {explanation === "unreachable" && <p class="quiet">{TEXTS.explainerUnreachable}</p>}
      {typeof explanation === "object" &&
        (explanation.causes.length > 0 ? (
          <Explained explanation={explanation} />
        ) : (
          <p class="quiet">{TEXTS.nothingKnown}</p>
        ))}
    </section>
  );
}
