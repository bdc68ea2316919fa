// Where assets are delivered, and the signature in the address of what is not for everybody, which the official SDK makes:
// the emulator writes it into its answers, as Cloudinary does, and compares what it is asked for with it.
// https://cloudinary.com/documentation/control_access_to_media

import { v2 as cloudinary } from "cloudinary";
import { sameText } from "./judge-signature.ts";
import { type Account, activeOf } from "./key-pairs.ts";

/** Whose delivery it is, and from where. */
export interface Delivery {
  readonly account: Account;
  /** `http://127.0.0.1:8788` */
  readonly origin: string;
}

/** What an address tells of an asset. */
export interface Addressed {
  readonly resource_type: string;
  readonly type: string;
  readonly version: number;
  readonly public_id: string;
  readonly format?: string | undefined;
}

/** An address before and after the place where a signature and a transformation may stand. */
export function addressParts({ origin, account }: Delivery, asset: Addressed): [head: string, tail: string] {
  const cloud = `${origin}/${encodeURIComponent(account.cloudName)}`;
  return [
    `${cloud}/${asset.resource_type}/${asset.type}`,
    `v${asset.version}/${encodePath(fileNameOf(asset))}`,
  ];
}

/** Where an asset is delivered, signed where its type wants that. */
export function deliveryUrl(delivery: Delivery, asset: Addressed, transformation = ""): string {
  const [head, tail] = addressParts(delivery, asset);
  const signature = asset.type === "upload" ? "" : sdkSignature(delivery.account, asset, transformation, {});
  return [head, signature, transformation, tail].filter((part) => part !== "").join("/");
}

/** `w_100|w_200/png` -> where each would be. */
export function derivedUrls(eager: string, asset: Addressed, delivery: Delivery): object[] {
  return eager.split("|").map((transformation) => {
    const url = deliveryUrl(delivery, asset, transformation);
    return { transformation, url, secure_url: url };
  });
}

/** Whether `s--…--` is the signature of an asset's own address: of SHA-1 or SHA-256, the short form or the long one. */
export function isDeliverySignature(account: Account, asset: Addressed, sent: string): boolean {
  const forms = [{}, { signature_algorithm: "sha256" }, { long_url_signature: true }];
  // That an address lives no longer than the key pair that signed it is assumed.
  return activeOf(account).some((pair) =>
    forms.some((form) =>
      sameText(sent, sdkSignature({ ...pair, cloudName: account.cloudName }, asset, "", form)),
    ),
  );
}

/** `s--AbCd1234--` */
function sdkSignature(account: Account, asset: Addressed, transformation: string, form: object): string {
  const url = cloudinary.url(fileNameOf(asset), {
    cloud_name: account.cloudName,
    api_secret: account.apiSecret,
    resource_type: asset.resource_type,
    type: asset.type,
    version: asset.version,
    raw_transformation: transformation,
    sign_url: true,
    // Whatever the process has configured.
    signature_algorithm: "sha1",
    long_url_signature: false,
    auth_token: false,
    urlAnalytics: false,
    ...form,
  } as object);
  return /\/(s--[\w-]+--)\//.exec(url)![1]!;
}

/** `cats/1.jpg`; a raw file's public ID is its name. */
export function fileNameOf({ public_id, format }: Pick<Addressed, "public_id" | "format">): string {
  return format === undefined ? public_id : `${public_id}.${format}`;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
