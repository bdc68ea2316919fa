// `<UploadButton>`: a button that opens the file dialog, and adds what is chosen.

import {
  type ButtonHTMLAttributes,
  createElement,
  Fragment,
  type ReactElement,
  useEffect,
  useRef,
  useState,
} from "react";
import type { AnyConfig, ProfileDescription, UnknownConfig } from "../client/client.ts";
import { offeredBy } from "./accepted-files.ts";
import { type Picking, type PickingProps, usePicking } from "./picking.ts";

type ButtonAttributes = Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  "children" | "disabled" | "type" | "onClick"
>;

/** Properties of `UploadButton`, and the attributes of a button. */
export type UploadButtonProps<C extends AnyConfig = UnknownConfig> = PickingProps<C> & ButtonAttributes;

/**
 * A button that opens the file dialog and adds what is chosen. The dialog offers what the profile takes: its formats, and
 * several files where it takes several; the signer is asked. Without styles: it is a `<button>`, with `data-status` (`idle`,
 * `pending`, `offline`, `disabled`) and whatever attributes you give it.
 *
 * @example
 * return <UploadButton uploads={uploads} className="button">{({ status }) => (status === "pending" ? "Add more" : "Choose files")}</UploadButton>;
 */
export function UploadButton<C extends AnyConfig = UnknownConfig>(props: UploadButtonProps<C>): ReactElement {
  const { uploads, profile, params, disabled, folder, onAdded, children, ...attributes } =
    props as unknown as Picking & ButtonAttributes;
  const { state, take } = usePicking({ uploads, profile, params, disabled, onAdded });
  const offered = useOffered(uploads, profile);
  const input = useRef<HTMLInputElement>(null);
  // Keyboards and screen readers know the button; the input is not shown.
  return createElement(
    Fragment,
    null,
    createElement(
      "button",
      {
        ...attributes,
        ...{ "data-status": state.status },
        type: "button",
        disabled,
        onClick: () => input.current!.click(),
      },
      typeof children === "function" ? children(state) : (children ?? "Choose files"),
    ),
    createElement("input", {
      ...{ ref: input, type: "file", hidden: true, disabled, ...offered },
      ...(folder && { webkitdirectory: "" }),
      onChange: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
        void take(currentTarget.files!);
        // The same file may be chosen again.
        currentTarget.value = "";
      },
    }),
  );
}

function useOffered({ describe }: Picking["uploads"], profile: string | undefined) {
  const [description, setDescription] = useState<ProfileDescription>();
  useEffect(() => {
    let isWanted = true;
    const tell = (told?: ProfileDescription) => isWanted && setDescription(told);
    // An app's own route may describe nothing, and whether the signer is there an upload tells: any file is offered then.
    describe({ ...(profile && { profile }) }).then(tell, () => tell());
    return () => {
      isWanted = false;
    };
  }, [describe, profile]);
  return offeredBy(description);
}
