// What the bench says while it runs: one line that changes in a terminal, a line each elsewhere.

const isTerminal = process.stdout.isTTY === true;

export class Progress {
  readonly #part: string;

  constructor(part: string) {
    this.#part = part;
  }

  say(text: string): void {
    const line = `${this.#part}: ${text}`;
    if (!isTerminal) console.log(line);
    else process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`);
  }

  /** The part's last word, which stays. */
  done(text: string): void {
    if (isTerminal) process.stdout.write("\r\x1b[K");
    console.log(`${this.#part}: ${text}`);
  }
}
