// The plain Upload Widget with `prepareUploadParams`.

import { options } from "doc:Upload Widget#2";
import { button, results } from "./widget.js";

button(() => globalThis.cloudinary.createUploadWidget(options, results));
