// Lines on a terminal that are drawn anew with each change, and leave nothing behind; where there is none, nothing is
// drawn. What is printed meanwhile stays above them.

import type { Terminal } from "./io.ts";

/** A text as wide as the terminal at most: what wraps could not be erased. Whatever is not ASCII may take two columns. */
function cut(text: string, columns: number): string {
  let [width, end] = [0, ""];
  for (const character of text) {
    width += character > "~" ? 2 : 1;
    if (width >= columns) return `${end.slice(0, -1)}…`;
    end += character;
  }
  return end;
}

export class DrawnLines {
  readonly #terminal: Terminal | undefined;
  readonly #lines: () => readonly string[];
  /** How many are on the screen. */
  #drawn = 0;

  /** `lines` are those of the moment, without escape codes. */
  constructor(terminal: Terminal | undefined, lines: () => readonly string[]) {
    this.#terminal = terminal;
    this.#lines = lines;
  }

  draw(): void {
    if (this.#terminal === undefined) return;
    const lines = this.#lines().map((line) => cut(line, this.#terminal!.columns()));
    this.#terminal.write(this.#erasing() + lines.join("\n"));
    this.#drawn = lines.length;
  }

  /** Prints above the lines. */
  print(print: () => void): void {
    this.clear();
    print();
    this.draw();
  }

  clear(): void {
    if (this.#drawn > 0) this.#terminal?.write(this.#erasing());
    this.#drawn = 0;
  }

  #erasing(): string {
    if (this.#drawn === 0) return "";
    return `\r${this.#drawn > 1 ? `\x1b[${this.#drawn - 1}A` : ""}\x1b[J`;
  }
}
