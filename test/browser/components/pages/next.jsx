// A React page with next-cloudinary's component, as docs/components/widget.md writes it.

import { Upload } from "doc:next-cloudinary";
import { createRoot } from "react-dom/client";
import { tell } from "./widget.js";

createRoot(document.querySelector("main")).render(
  <Upload
    onSuccess={({ info }) => tell("stored", info.public_id)}
    onError={({ status }) => tell("failed", status)}
  />,
);
