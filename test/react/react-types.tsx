/** @jsxImportSource react */
// What the types of the hook and the components say of uses that are right, and of those that are not: no code, it is
// compiled alone; by packed.test.ts from the packed package too, with the types of React 18 and 19.

import { expectTypeOf } from "vitest";
import type demo from "../../demo/signer.config.ts";
import { createUploads, type UploadItem } from "../../src/client/client.ts";
import { Dropzone, type TypedUploads, UploadButton, useUploads } from "../../src/react/react.ts";
import type policy from "../client/every-kind/signer.config.ts";

declare const signer: string;
declare const token: string | undefined;
declare const file: File;

export function Page() {
  // Options: profiles by name, with what each accepts; the profile `default` may be left out.
  const uploads = useUploads<typeof demo>({ signer, profile: "avatars", token });
  useUploads<typeof demo>({ signer });
  useUploads<typeof demo>({ signer, params: { context: { alt: "A cat" } } });
  useUploads<typeof demo>({ signer, profile: "members", params: { context: { caption: "A cat" } } });
  // @ts-expect-error a misspelt profile
  useUploads<typeof demo>({ signer, profile: "avatar" });
  // @ts-expect-error a profile of another method
  useUploads<typeof demo>({ signer, profile: "member-remove" });
  // @ts-expect-error a parameter that the profile does not accept
  useUploads<typeof demo>({ signer, profile: "avatars", params: { context: { alt: "A cat" } } });
  // @ts-expect-error a key that is not among its keys
  useUploads<typeof demo>({ signer, params: { context: { title: "A cat" } } });
  // @ts-expect-error no signer
  useUploads<typeof demo>({ profile: "avatars" });
  // @ts-expect-error there is no profile `default`
  useUploads<typeof policy>({ signer });
  useUploads<typeof policy>({ signer, profile: "all", params: { metadata: { size: 7 } } });

  // What it returns.
  expectTypeOf(uploads).toEqualTypeOf<TypedUploads<typeof demo>>();
  expectTypeOf(uploads.items).toExtend<readonly UploadItem[]>();
  expectTypeOf(uploads.items[0]!.result?.receipt).toEqualTypeOf<string | undefined>();
  const rows = useUploads<typeof demo, { id: number }>({ signer, profile: "avatars" });
  expectTypeOf(rows.items[0]!.result?.data).toEqualTypeOf<{ id: number } | null | undefined>();
  // @ts-expect-error a member that `Data` has not
  rows.items[0]!.result?.data?.name;
  expectTypeOf(uploads.total.secondsLeft).toEqualTypeOf<number | undefined>();
  expectTypeOf(uploads.retry).toEqualTypeOf<(id: string) => void>();
  uploads.add([file]);
  uploads.add([file], { profile: "members", params: { context: { alt: "A cat" } } });
  // @ts-expect-error a misspelt profile
  uploads.add([file], { profile: "avatar" });
  // @ts-expect-error what another profile accepts
  uploads.add([file], { profile: "avatars", params: { context: { alt: "A cat" } } });

  // A store that was made elsewhere, and no types of a configuration.
  const store = createUploads({ signer });
  const untyped = useUploads(store);
  expectTypeOf(untyped).toEqualTypeOf<TypedUploads>();
  useUploads({ signer, profile: "anything", params: { a: 1 }, token: undefined });
  untyped.add([file], { profile: "anything" });
  // @ts-expect-error no options
  useUploads();

  return (
    <>
      <UploadButton uploads={uploads} className="button" aria-describedby="limits" />
      <UploadButton
        uploads={uploads}
        profile="members"
        params={{ context: { alt: "A cat" } }}
        folder
        disabled
      />
      <UploadButton uploads={untyped} profile="anything" params={{ a: 1 }} />
      <UploadButton uploads={store} profile="anything" onAdded={(ids) => ids.map((id) => id.length)} />
      <UploadButton uploads={uploads}>
        {({ status, total }) => <b>{status === "pending" ? total.progress : "Add"}</b>}
      </UploadButton>
      {/* @ts-expect-error no uploads */}
      <UploadButton />
      {/* @ts-expect-error a misspelt profile */}
      <UploadButton uploads={uploads} profile="avatar" />
      {/* @ts-expect-error what another profile accepts */}
      <UploadButton uploads={uploads} profile="avatars" params={{ context: { alt: "A cat" } }} />
      {/* @ts-expect-error it opens the dialog */}
      <UploadButton uploads={uploads} onClick={() => {}} />
      <UploadButton uploads={uploads}>
        {/* @ts-expect-error a state that there is not */}
        {({ status }) => status === "done"}
      </UploadButton>

      <Dropzone uploads={uploads} id="drop" classNames={{ button: "button" }}>
        Drop pictures
      </Dropzone>
      <Dropzone uploads={rows} profile="avatars" />
      <Dropzone uploads={store} announce={(items) => `${items.length} files`} profile="anything" />
      {/* @ts-expect-error a misspelt profile */}
      <Dropzone uploads={uploads} profile="avatar" />
      {/* @ts-expect-error it does that itself */}
      <Dropzone uploads={uploads} onDrop={() => {}} />
      {/* @ts-expect-error a part that there is not */}
      <Dropzone uploads={uploads} classNames={{ buttons: "button" }} />
    </>
  );
}
