// The plain Upload Widget with `uploadSignature`.

import { options } from "doc:Upload Widget";
import { button, results } from "./widget.js";

button(() => globalThis.cloudinary.createUploadWidget(options, results));
