// The same with the callback that says why the signer refused.

import { Upload } from "doc:next-cloudinary#1";
import { createRoot } from "react-dom/client";
import { tell } from "./widget.js";

createRoot(document.querySelector("main")).render(
  <Upload
    onSuccess={({ info }) => tell("stored", info.public_id)}
    onError={({ status }) => tell("failed", status)}
  />,
);
