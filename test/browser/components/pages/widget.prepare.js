// The plain Upload Widget with `prepareUploadParams`.

import { options } from "doc:Upload Widget with prepareUploadParams";
import { button, results } from "./widget.js";

button(() => globalThis.cloudinary.createUploadWidget(options, results));
