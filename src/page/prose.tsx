// A sentence of the page's, the signer's or Cloudinary's: what stands between backticks in it is code.

export function Prose({ text }: { readonly text: string }) {
  // Every second piece stood between backticks.
  const pieces = text.split(/`([^`]+)`/);
  return (
    <>
      {pieces.map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence change no places
        index % 2 === 0 ? piece : <code key={index}>{piece}</code>,
      )}
    </>
  );
}
