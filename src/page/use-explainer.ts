// The script with the explanations, loaded once and where it is wanted; and what it says of an upload.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { TitledExplanation } from "./explainer.ts";
import { evidenceOf } from "./upload-evidence.ts";
import type { Upload } from "./uploads.ts";

type Explainer = typeof import("./explainer.ts");

/** `unreachable` where it can't be loaded, `undefined` until it is. */
export function useExplainer(wanted: boolean): Explainer | "unreachable" | undefined {
  const [explainer, setExplainer] = useState<Explainer | "unreachable">();
  useEffect(() => {
    if (wanted)
      import("./explainer.ts").then(
        (loaded) => setExplainer(loaded),
        () => setExplainer("unreachable"),
      );
  }, [wanted]);
  return explainer;
}

/** Why Cloudinary refused an upload; `undefined` where it did not, and until the script is there. */
export function useExplanation(upload: Upload): TitledExplanation | "unreachable" | undefined {
  const evidence = useMemo(() => evidenceOf(upload), [upload]);
  const explainer = useExplainer(evidence !== undefined);
  return useMemo(() => {
    if (evidence === undefined) return undefined;
    return typeof explainer === "object" ? explainer.explainEvidence(evidence) : explainer;
  }, [evidence, explainer]);
}
