"use client";

import { CldImage, CldUploadWidget, type CloudinaryUploadWidgetInfo } from "next-cloudinary";
import { useState } from "react";

const signer = process.env.NEXT_PUBLIC_SIGNER_URL ?? "http://localhost:8787";
const cloud = {
  cloudName: process.env.NEXT_PUBLIC_CLOUDINARY_CLOUD_NAME ?? "demo",
  apiKey: process.env.NEXT_PUBLIC_CLOUDINARY_API_KEY ?? "874837483274837",
};

export default function Page() {
  const [asset, setAsset] = useState<CloudinaryUploadWidgetInfo>();
  const [error, setError] = useState<string>();

  return (
    <main>
      <h1>Signed upload</h1>
      <CldUploadWidget
        config={{ cloud }}
        signatureEndpoint={`${signer}/sign/bare`}
        onOpen={() => setError(undefined)}
        onSuccess={({ info }) => typeof info === "object" && setAsset(info)}
        onError={(error) => setError(typeof error === "string" ? error : error?.statusText)}
      >
        {({ open }) => (
          <button type="button" onClick={() => open()}>
            Upload
          </button>
        )}
      </CldUploadWidget>
      {error !== undefined && <p role="alert">{error}</p>}
      {asset && (
        <CldImage config={{ cloud }} src={asset.public_id} alt="" width={320} height={240} crop="fill" />
      )}
    </main>
  );
}
