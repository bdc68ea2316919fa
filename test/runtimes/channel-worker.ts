// The other end of `channel.ts`: sends what it is told over HTTP, and wakes the thread that waits for the answer.

import { Agent, request } from "node:http";
import { type MessagePort, workerData } from "node:worker_threads";
import { QUESTION_HEADER } from "./wire.ts";

const { url, port, flag } = workerData as { url: string; port: MessagePort; flag: Int32Array };
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function send(body: string): Promise<string> {
  const headers = {
    [QUESTION_HEADER]: "1",
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
      );
      response.on("error", reject);
    });
    // A server may close an idle connection at the moment that it is used again.
    asked.on("error", (error: NodeJS.ErrnoException) =>
      asked.reusedSocket && error.code === "ECONNRESET" ? resolve(send(body)) : reject(error),
    );
    asked.end(body);
  });
}

port.on("message", async (body: string) => {
  const answer = await send(body).then(
    (text) => ({ text }),
    (error: Error) => ({ error: error.message }),
  );
  port.postMessage(answer);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
