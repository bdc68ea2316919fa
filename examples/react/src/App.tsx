import { type UploadProgress, type UploadResponse, upload } from "cloudinary-edge-signer/client";
import { type SubmitEvent, useState } from "react";

const signer = import.meta.env.VITE_SIGNER_URL ?? "http://localhost:8787";

export function App() {
  const [progress, setProgress] = useState<number>();
  const [asset, setAsset] = useState<UploadResponse>();
  const [error, setError] = useState<string>();

  async function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const file = new FormData(event.currentTarget).get("file") as File;
    setProgress(0);
    setAsset(undefined);
    setError(undefined);
    try {
      const onProgress = ({ loaded, total }: UploadProgress) => setProgress(loaded / total);
      const { asset } = await upload(file, { signer, onProgress });
      setAsset(asset);
    } catch (error) {
      setError((error as Error).message);
    } finally {
      setProgress(undefined);
    }
  }

  return (
    <main>
      <h1>Signed upload</h1>
      <form onSubmit={onSubmit}>
        <label>
          Picture <input type="file" name="file" accept="image/*" required />
        </label>{" "}
        <button type="submit" disabled={progress !== undefined}>
          Upload
        </button>
      </form>
      {progress !== undefined && <progress aria-label="Uploaded" value={progress} />}
      {error !== undefined && <p role="alert">{error}</p>}
      {asset && <img src={asset.secure_url} alt="" width={320} />}
    </main>
  );
}
