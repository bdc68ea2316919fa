// How keys of our own come from the API secret (R14): HKDF-SHA-256, salted with the cloud name, each purpose apart.

const encoder = new TextEncoder();

/** What is for one signer alone has its address in it. */
export function derivation(purpose: string, cloudName: string, publicUrl?: string) {
  const bound = publicUrl === undefined ? "" : `/${publicUrl}`;
  const info = encoder.encode(`cloudinary-edge-signer/${purpose}/v1${bound}`);
  return { name: "HKDF", hash: "SHA-256", salt: encoder.encode(cloudName), info };
}
