// A CPU profile by V8's inspector: a few messages of the Chrome DevTools Protocol over a WebSocket.

/** Asked for, in microseconds; V8 takes what its own work leaves of it. */
const INTERVAL = 100;

/** A profile as the protocol has it: a tree of calls, and which of them ran at each sample. */
export interface CpuProfile {
  readonly nodes: readonly CallNode[];
  /** IDs of nodes. */
  readonly samples: readonly number[];
  /** Microseconds between a sample and the one before. */
  readonly timeDeltas: readonly number[];
}

export interface CallNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  /** IDs of the nodes that it called. */
  readonly children?: readonly number[];
}

/** A function and where it begins; lines and columns count from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The address of the one isolate behind an inspector. */
async function target(inspector: string): Promise<string> {
  const response = await fetch(`${inspector}/json`);
  const [first] = (await response.json()) as { webSocketDebuggerUrl: string }[];
  if (first === undefined) throw new Error("the inspector has nothing to inspect");
  return first.webSocketDebuggerUrl;
}

/** A profiler that is connected. */
export interface Profiler {
  /** Profiles what the Worker does while `work` runs. */
  readonly during: <T>(work: () => Promise<T>) => Promise<[CpuProfile, T]>;
  readonly close: () => void;
}

export async function connect(inspector: string): Promise<Profiler> {
  const socket = new WebSocket(await target(inspector));
  const waiting = new Map<number, (answer: Answer) => void>();
  const broken = new Promise<never>((_, reject) => {
    socket.onclose = () => reject(new Error("the inspector closed the connection"));
  });
  broken.catch(() => {});
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  };
  let id = 0;
  const send = async (method: string, params = {}): Promise<unknown> => {
    const answered = new Promise<Answer>((resolve) => waiting.set(++id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await Promise.race([answered, broken]);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  await Promise.race([new Promise((resolve) => socket.addEventListener("open", resolve)), broken]);
  await send("Profiler.enable");
  await send("Profiler.setSamplingInterval", { interval: INTERVAL });
  return {
    during: async (work) => {
      await send("Profiler.start");
      const done = await work();
      const { profile } = (await send("Profiler.stop")) as { profile: CpuProfile };
      return [profile, done];
    },
    close: () => socket.close(),
  };
}
