// docs/cost.md: what the signer costs, from what was measured and what is published. Pure.

import { machineText } from "../report/machine-text.ts";
import { count, figure } from "../report/markdown.ts";
import { billOf, cpuFactor } from "./bill.ts";
import { dollars } from "./money.ts";
import type { Prices } from "./prices.ts";
import {
  BILLION,
  costTable,
  countedTable,
  cpuTable,
  lambdaCost,
  logTable,
  MILLION,
  othersTable,
  priceTable,
  SAMPLE,
  spreadOfOthers,
} from "./tables.ts";
import { type Act, actsOf, BATCH, type Measures } from "./usage.ts";

const usageOf = (acts: readonly Act[], name: string) => acts.find((one) => one.name === name)!.usage;

const head = (prices: Prices, acts: readonly Act[]): string => {
  const bill = billOf(prices, usageOf(acts, "ticket"), BILLION);
  const { queue } = billOf(prices, usageOf(acts, "upload"), MILLION);
  return `# What it costs

Made by \`npm run docs\` from [the figures of the benchmarks](bench.md) and [prices.json](bench/prices.json); never edited.
Prices are those of Cloudflare's Workers paid plan as they were read on ${prices["looked up"]}, in US dollars without tax
([where each was read](#prices)). The account's included usage is taken as the signer's alone.

- **A million uploads a month cost the plan's $5**, and ${dollars(queue)} more where notifications go through a queue.
- **At a billion, requests, log lines and the queue are the bill.** CPU time is not: ${dollars(bill.cpu)} of a billion tickets, whose
  requests cost ${dollars(bill.requests)}.
- **\`log: { sample: 0.01 }\` takes most of the lines off the bill**, and still writes every refusal.

![What a billion a month cost](images/cost.svg)`;
};

const costs = (prices: Prices, acts: readonly Act[], measures: Measures): string => `## A million a month

${costTable(prices, acts, MILLION)}

## A billion a month

${costTable(prices, acts, BILLION)}

- *Per line* is the price of Workers Logs until 30 November 2026. *Per byte* is that from 1 December 2026: what is taken in,
  and seven days of keeping it. Cloudflare counts what it adds to each line too. How much that is stands nowhere: so
  the first figure has the bytes of our line alone, the second [Cloudflare's average
  event](${prices["average event"].source}) of ${figure(prices["average event"].bytes / 1000)} KB. Your account's *Billable
  Usage* tells where between them you are.
- Each request is one line, as long as \`wrangler.toml\` has \`invocation_logs = false\`, as the template does: Cloudflare's
  own line about each request would be another one, and a longer one.
- *With a preflight*: a page on another origin asks by \`OPTIONS\` before it may send, which is a request and a line of its own.
  Chromium remembers the answer for two hours, so this row is the worst case.
- What a Worker asks of others costs nothing, nor does waiting for it, nor a call of \`APP\`; your own Worker's CPU time is
  not in here.
- A notification by the queue is three operations (written, read, deleted), two lines, and a call of the consumer for each
  ${BATCH} messages, taken as a request (assumed). Each retry is an operation and a line more. One that fails to the end,
  under the template's seven retries, is ten: written, read eight times, and written to the dead letters.

What was counted of each act, when it succeeds:

${countedTable(measures)}

*Asked of Cloudinary* is \`explicit\`, and \`rename\` to publish from quarantine; a file that is refused is one more, \`destroy\`.
A line is some 30 bytes longer where the caller is someone.`;

const log = (prices: Prices, acts: readonly Act[]): string => {
  const chosen = acts.filter(({ name }) => name === "ticket" || name === "upload");
  return `## What sampling the log saves

A billion a month:

${logTable(prices, chosen, BILLION)}

Refusals are always written, whatever is set, and are not in these figures: whoever can make the signer refuse can make it
write. \`LIMIT_BY_IP\` does not stop that, for what it refuses is a request and a line too; a rule of Cloudflare's WAF, on a
domain of yours, decides before the Worker runs. \`head_sampling_rate\` in \`wrangler.toml\` saves as much, and loses refusals.`;
};

const cpu = (prices: Prices, acts: readonly Act[], { requests, notifications, acts: counted }: Measures) => {
  const chosen = acts.filter(({ name }) => ["ticket", "token", "confirmation", "queued"].includes(name));
  const factor = (name: string) => Math.floor(cpuFactor(prices, usageOf(acts, name), BILLION));
  return `## CPU time is this machine's

Cloudflare's processors are others than this one's, and what it counts is not told in detail. It hardly matters: a ticket
would have to take ${factor("ticket")} times its CPU time here before that cost as much as its request, and a confirmation
${factor("confirmation")} times. A billion a month:

${cpuTable(prices, chosen)}

*A whole ms each* is what it would be if each request were rounded up, which Cloudflare does not say.

Tickets: ${machineText(requests.machine)} Notifications: ${machineText(notifications.machine)} Confirmations, and what is
called and logged: ${machineText(counted.machine)}`;
};

const others = (prices: Prices, measures: Measures): string => `## Beside others

${othersTable(prices, measures)}

In money, a Worker of one's own is no cheaper and no dearer: the same requests, the same lines, and CPU time that
differs by ${dollars(spreadOfOthers(prices, measures))} in a billion, from the least of these to the most. Choose by what is checked, not by this.

A function that is paid for by memory and time (AWS Lambda, 128 MB, nothing else before it) costs
${dollars(lambdaCost(prices, 1))} for a billion tickets at 1 ms each, the least that is counted, and
${dollars(lambdaCost(prices, 10))} at 10 ms. It pays for waiting too: a billion confirmations that wait half a second for
Cloudinary are ${dollars(lambdaCost(prices, 500))}. Its milliseconds are assumed, and its log is not in these figures.`;

const free = (prices: Prices, acts: readonly Act[]): string => {
  const requests = 100_000;
  const operations = 10_000;
  const of = (name: string) => usageOf(acts, name);
  const perDay = (most: number, each: number) => count(Math.floor(most / each));
  const straight = of("ticket").requests + of("confirmation").requests + of("notification").requests;
  return `## The free plan

A day on the free plan has 100,000 requests, 10,000 operations of queues and 200,000 lines of log (from December 0.5 GB,
which are ${perDay(5e8, prices["average event"].bytes)} average events), and each request may take 10 ms of CPU time: the
longest of these takes ${figure(Math.max(...["ticket", "confirmation", "notification"].map((name) => of(name).cpu)))} ms on this machine. So it carries, a day:

- ${perDay(requests, of("ticket").requests)} tickets and nothing else, ${perDay(requests, of("preflight").requests)} with a preflight each;
- ${perDay(requests, straight)} uploads with ticket, confirmation and notification, straight to \`APP\`;
- ${perDay(operations, of("queued").queue)} of them with the queue, whose operations end first.

What is beyond is not billed: Cloudflare answers in the signer's place (error 1027), and Cloudinary sends notifications
again for eighteen minutes. With \`log: { sample: ${SAMPLE} }\` the log is no limit.`;
};

const outside = (): string => `## What is not in here

- **Cloudinary.** Its price is between you and Cloudinary. What the signer asks of it (\`explicit\`, \`destroy\`, \`rename\`) is the
  Upload API, which [is not rate-limited](https://support.cloudinary.com/hc/en-us/articles/202520892-Are-Cloudinary-APIs-rate-limited),
  and never the Admin API, which is (500 requests an hour on the free plan, 2,000 on paid ones). The signer never asks it in order
  to sign: a ticket makes no request at all.
- **Durable Objects, KV, D1:** the signer uses none.
- **Analytics Engine:** where [metrics](production.md#metrics) are bound, a data point for each request is priced as below.
- Your application's Worker and database; a domain; Cloudflare's WAF.`;

export function costPage(measures: Measures, prices: Prices): string {
  const acts = actsOf(measures);
  const sections = [
    head(prices, acts),
    costs(prices, acts, measures),
    log(prices, acts),
    cpu(prices, acts, measures),
    others(prices, measures),
    free(prices, acts),
    outside(),
    `## Prices

Read on ${prices["looked up"]} in stored copies of the pages, which may be older than the pages themselves: look there before
you count on a figure. Cloudflare's documentation is public text, and the copy tells its commit.

${priceTable(prices)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}
