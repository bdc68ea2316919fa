// How an endpoint may want its parameters; apart from the audit, which not every run of the command line loads.

import type { Shape } from "../testing/audit/ask.ts";

export const SHAPES: readonly string[] = ["params", "paramsToSign", "plain"] satisfies Shape[];
