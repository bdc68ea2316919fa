// What the pages of these tests share: what came of an upload, and a button that opens a widget.

/** Writes what came of an upload into the page, one line each. */
export function tell(what, value) {
  const line = document.createElement("li");
  line.textContent = `${what} ${value}`;
  document.querySelector("#told").append(line);
}

/** A widget's result callback. */
export function results(error, result) {
  if (error) tell("failed", error.status);
  else if (result.event === "success") tell("stored", result.info.public_id);
}

/** A button that opens what `create` makes. */
export function button(create) {
  const button = document.createElement("button");
  button.textContent = "Upload";
  button.onclick = async () => (await create()).open();
  document.querySelector("main").append(button);
}
