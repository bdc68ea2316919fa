// The browser's own question before a page is left, while files are on their way.

/** What switches the question on and off; nothing where there is no page. */
export function leaveWarning(): (isNeeded: boolean) => void {
  const ask = (event: BeforeUnloadEvent): void => {
    event.preventDefault();
    // For browsers of before 2024.
    event.returnValue = true;
  };
  return (isNeeded) => {
    if (typeof document === "undefined") return;
    // Only while it is needed: browsers may not keep a page that listens for the way back.
    if (isNeeded) addEventListener("beforeunload", ask);
    else removeEventListener("beforeunload", ask);
  };
}
