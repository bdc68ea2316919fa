// An application as a process of its own, which is called over HTTP, fails, hangs and is killed in the middle of a call. It
// writes a line for each call as it comes, and one as it is taken: what is written was, whatever became of the process.

import { writeSync } from "node:fs";
import { createServer } from "node:http";
import { argv } from "node:process";
import { text } from "node:stream/consumers";

/** What becomes of calls, by their numbers from 1: of these it answers nothing, and in that one it ends. */
const { port, hangs, dies } = JSON.parse(argv[2]!) as { port: number; hangs: number[]; dies: number };
/** One in so many fails. */
const FAILS = 3;

const tell = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
let count = 0;

createServer(async (request, response) => {
  const { id, profile, type, body } = JSON.parse(await text(request));
  const nth = ++count;
  const about = { id, type, publicId: body.public_id };
  tell({ ...about, was: "called" });
  if (nth === dies) process.kill(process.pid, "SIGKILL");
  if (hangs.includes(nth)) return;
  // Whatever is doomed fails to the end.
  if (profile === "doomed" || nth % FAILS === 0) response.writeHead(500).end();
  else {
    tell({ ...about, was: "taken" });
    response.writeHead(204).end();
  }
}).listen(port, "127.0.0.1", () => tell({ was: "started" }));
