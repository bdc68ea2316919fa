// `<Dropzone>`: a place for files and folders, with a button for who drops nothing, which says what became of them.

import { createElement, type HTMLAttributes, type ReactElement, useState } from "react";
import type { AnyConfig, UnknownConfig, UploadItem } from "../client/client.ts";
import { announcementOf } from "./announcement.ts";
import { useDropping } from "./dropping.ts";
import { type Picking, type PickingProps, usePicking } from "./picking.ts";
import { UploadButton, type UploadButtonProps } from "./upload-button.ts";

type DivAttributes = Omit<
  HTMLAttributes<HTMLDivElement>,
  "children" | "onDragEnter" | "onDragOver" | "onDragLeave" | "onDrop" | "onPaste"
>;

interface Own {
  /** Class names of the parts; that of the whole is `className`. */
  readonly classNames?: { readonly button?: string; readonly announcement?: string } | undefined;
  /** What is announced of the items that were added last, in place of the English sentences; of none, where none was. */
  readonly announce?: ((items: readonly UploadItem[]) => string) | undefined;
}

/** Properties of `Dropzone`, and the attributes of a `<div>`. */
export type DropzoneProps<C extends AnyConfig = UnknownConfig> = PickingProps<C> & DivAttributes & Own;

/**
 * A place where files and folders are dropped, or pasted, and in it an `UploadButton`, so that keyboards reach all of it.
 * What was added, what failed and why, and that all is done stands in it as text that screen readers announce. Without
 * styles: a `<div>` with `data-status`, as the button's, and `data-dragging` while files are held over it, a `<button>`, and
 * a `<p role="status">`.
 *
 * @example
 * return <Dropzone uploads={uploads} className="drop" classNames={{ button: "button" }}>Drop pictures, or choose them</Dropzone>;
 */
export function Dropzone<C extends AnyConfig = UnknownConfig>(props: DropzoneProps<C>): ReactElement {
  const {
    uploads,
    profile,
    params,
    disabled,
    folder,
    onAdded,
    children,
    classNames,
    announce,
    ...attributes
  } = props as unknown as Picking & DivAttributes & Own;
  const [added, setAdded] = useState<ReadonlySet<string>>();
  const onTaken = (ids: readonly string[]): void => {
    setAdded(new Set(ids));
    onAdded?.(ids);
  };
  const picking = { uploads, profile, params, disabled, onAdded: onTaken };
  const { state, take } = usePicking(picking);
  const button: UploadButtonProps = {
    ...{ ...picking, folder, className: classNames?.button },
    children: children ?? "Drop files here, or choose them",
  };
  const last = added && state.items.filter(({ id }) => added.has(id));

  return createElement(
    "div",
    {
      ...{ role: "group", ...attributes, "data-status": state.status },
      ...useDropping(take, disabled),
    },
    createElement(UploadButton<UnknownConfig>, button),
    createElement(
      "p",
      { role: "status", className: classNames?.announcement },
      last && (announce ?? announcementOf)(last),
    ),
  );
}
