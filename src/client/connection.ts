// Whether there is a connection. What counts is whether the signer answers: a browser knows only of its own network.

/** While something is under way. */
export interface Connection {
  readonly isLost: boolean;
  /** Looks after a request that nobody answered; resolves to whether the connection is lost. */
  check(): Promise<boolean>;
  /** The signer answered. */
  noteAnswer(): void;
  /** Listens to the browser while that is needed. */
  watch(isNeeded: boolean): void;
}

/** Between two looks, in milliseconds: at first, and at most. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/** `isAnswered` asks the signer; `onChange` hears when the connection is lost, and when it is there again. */
export function connectionTo(isAnswered: () => Promise<boolean>, onChange: () => void): Connection {
  let isLost = false;
  let wasAnswered = false;
  let isWatching = false;
  let pause = FIRST_PAUSE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: Promise<boolean> | undefined;

  async function look(): Promise<boolean> {
    clearTimeout(timer);
    const answered = await isAnswered();
    looking = undefined;
    wasAnswered ||= answered;
    // An address that never answered is as likely a wrong one, or does not know this page's origin.
    const isSure = wasAnswered || globalThis.navigator?.onLine === false;
    const lost = isWatching && !answered && isSure;
    if (lost) {
      timer = setTimeout(check, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    } else pause = FIRST_PAUSE;
    if (lost !== isLost) {
      isLost = lost;
      onChange();
    }
    return lost;
  }
  function check(): Promise<boolean> {
    looking ??= look();
    return looking;
  }
  const hear = (): void => {
    pause = FIRST_PAUSE;
    void check();
  };
  return {
    get isLost() {
      return isLost;
    },
    check,
    noteAnswer: () => {
      wasAnswered = true;
    },
    watch(isNeeded) {
      if (isNeeded === isWatching) return;
      isWatching = isNeeded;
      for (const name of ["online", "offline"]) {
        if (isNeeded) globalThis.addEventListener?.(name, hear);
        else globalThis.removeEventListener?.(name, hear);
      }
      if (isNeeded) return;
      clearTimeout(timer);
      isLost = false;
    },
  };
}
