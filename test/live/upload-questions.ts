// What tickets and renewals rest on: how Cloudinary judges times, formats and parts.

import { type Answer, type Cloud, JPEG, type Name, PNG, succeeded } from "./cloud.ts";
import { type Learnt, type Question, refusal } from "./question.ts";

/** The least part of a file that Cloudinary takes, but for the last: 5 MiB. */
const PART = 5 * 1024 * 1024;
const LAST = 10;

const image = (cloud: Cloud): Name => ({
  resource_type: "image",
  type: "upload",
  public_id: cloud.newId(),
});

/** Uploads under a timestamp that lies so many seconds ahead. */
const ahead = async (cloud: Cloud, seconds: number): Promise<Answer> =>
  cloud.upload(
    image(cloud),
    { bytes: JPEG, name: "a.jpg" },
    { params: { timestamp: String(cloud.now() + seconds) } },
  );

const taken = (answer: Answer): Learnt =>
  answer.status === 200
    ? { answer: "taken" }
    : { ...refusal(answer), answer: `refused with ${answer.status}` };

/** Sends the parts of one raw file; `dated` are the seconds by which each signature is dated back. */
function partsOf(cloud: Cloud, dated: readonly [first: number, last: number]) {
  const name = { resource_type: "raw", type: "upload", public_id: cloud.newId() } as const;
  const total = PART + LAST;
  const id = `${name.public_id.replace("/", "-")}`;
  const send = (start: number, bytes: number, back: number): Promise<Answer> =>
    cloud.upload(
      name,
      { bytes: new Uint8Array(bytes).fill(start === 0 ? 1 : 2), name: "a.bin" },
      {
        params: { timestamp: String(cloud.now() - back) },
        headers: {
          "X-Unique-Upload-Id": id,
          "Content-Range": `bytes ${start}-${start + bytes - 1}/${total}`,
        },
      },
    );
  return { total, first: () => send(0, PART, dated[0]), last: () => send(PART, LAST, dated[1]) };
}

/** Whether one of the answers to parts tells of the whole file, and what the others told. */
function whole(total: number, answers: readonly Answer[]): Learnt {
  const bodies = answers.map(succeeded);
  const rest = bodies.filter(({ done }) => done === false).map(({ done, kind }) => ({ done, kind }));
  const isStored = bodies.some(({ bytes, done }) => bytes === total && done !== false);
  return {
    answer: isStored ? "stored whole" : "not stored",
    detail: `the other part: ${rest.map((one) => JSON.stringify(one)).join(", ") || "no such answer"}`,
  };
}

/** The fields that no upload may lack. */
const REQUIRED = ["api_key", "timestamp", "signature", "file"];

export const UPLOADS: readonly Question[] = [
  {
    id: "dated-back",
    question: "How long is a signature good?",
    relied: "`ttl` is kept by dating the timestamp back, and a longer one by renewing it in time.",
    async ask(cloud) {
      const young = await ahead(cloud, -3500);
      const old = await ahead(cloud, -3700);
      if (young.status !== 200 || old.status === 200) return { answer: "not for an hour" };
      return { ...refusal(old), answer: `for an hour from its timestamp, then ${old.status}` };
    },
  },
  {
    id: "minute-ahead",
    question: "Is a timestamp taken that lies 30 seconds in the future?",
    relied: "Drop-in signs the browser's own time, up to 60 seconds ahead.",
    ask: async (cloud) => taken(await ahead(cloud, 30)),
  },
  {
    id: "day-ahead",
    question: "And one that lies a day ahead?",
    relied: "Nothing: the signer never signs one, since it might be good until a day after.",
    ask: async (cloud) => taken(await ahead(cloud, 86_400)),
  },
  {
    id: "missing-fields",
    question: "What is answered where a field is missing?",
    relied: "`explain` tells by these words what was forgotten.",
    async ask(cloud) {
      const all: string[] = [];
      for (const without of REQUIRED) {
        const { public_id } = image(cloud);
        const file = { bytes: JPEG, name: "a.jpg" };
        const answer = await cloud.ask("image", "upload", { params: { public_id }, file, without });
        all.push(`${without} ${answer.status} "${answer.message}"`);
      }
      return {
        answer: all.every((one) => / 400 /.test(one)) ? "400" : "not always 400",
        detail: all.join("; "),
      };
    },
  },
  {
    id: "existing",
    question: "What is answered where `overwrite` is false and the name is taken?",
    relied:
      "An answer with the version of the asset that was there: confirming it is `not_stored`, and it is never deleted.",
    async ask(cloud) {
      const name = image(cloud);
      const first = succeeded(await cloud.upload(name, { bytes: JPEG, name: "a.jpg" }));
      await cloud.pause();
      const second = await cloud.upload(
        name,
        { bytes: PNG, name: "b.png" },
        { params: { overwrite: "false" } },
      );
      if (second.status !== 200) return refusal(second);
      const { existing, version, etag } = second.body;
      const whose = version === first.version && etag === first.etag ? "the first" : "another";
      return { answer: `${whose} asset and version`, detail: `\`existing\`: ${existing ?? "none"}` };
    },
  },
  {
    id: "formats-content",
    question: "Does `allowed_formats` go by the file's content or by its name?",
    relied:
      "`formats` are signed as `allowed_formats`; what arrives is judged once more when it is confirmed.",
    async ask(cloud) {
      const params = { allowed_formats: "jpg" };
      const byName = await cloud.upload(image(cloud), { bytes: PNG, name: "a.jpg" }, { params });
      const byContent = await cloud.upload(image(cloud), { bytes: JPEG, name: "a.png" }, { params });
      const both = [byContent.status === 200, byName.status === 200].join();
      const answers: Record<string, string> = {
        "true,false": "by its content",
        "false,true": "by its name",
        "false,false": "by both",
        "true,true": "by neither",
      };
      const { message } = [byName, byContent].find(({ status }) => status !== 200) ?? byName;
      return { answer: answers[both]!, ...(message !== "" && { detail: message }) };
    },
  },
  {
    id: "formats-raw",
    question: "Does `allowed_formats` hold for a raw file?",
    relied:
      "Nothing: a ticket can be sent to `/raw/upload` too, where a text may be named a.jpg; confirming refuses another resource type.",
    async ask(cloud) {
      const upload = (name: string) =>
        cloud.upload(
          { resource_type: "raw", type: "upload", public_id: cloud.newId() },
          { bytes: new TextEncoder().encode("just text"), name },
          { params: { allowed_formats: "jpg" } },
        );
      const [text, named] = [await upload("a.txt"), await upload("a.jpg")];
      const word = ({ status }: Answer) => (status === 200 ? "taken" : "refused");
      const detail = text.message || named.message;
      return {
        answer: `a.txt ${word(text)}, a.jpg ${word(named)}`,
        ...(detail !== "" && { detail }),
      };
    },
  },
  {
    id: "two-types",
    question: "Is one ticket good for two resource types?",
    relied:
      "Nothing: the address is not signed, so a ticket counts as good for all of them. Confirming refuses another resource type than the profile's.",
    async ask(cloud) {
      const params = { timestamp: String(cloud.now()) };
      const public_id = cloud.newId();
      const [one, two] = [
        await cloud.upload(
          { resource_type: "image", type: "upload", public_id },
          { bytes: JPEG, name: "a" },
          { params },
        ),
        await cloud.upload(
          { resource_type: "raw", type: "upload", public_id },
          { bytes: JPEG, name: "a" },
          { params },
        ),
      ];
      return {
        answer: one.status === 200 && two.status === 200 ? "yes" : "no",
        detail: `image ${one.status}, raw ${two.status}`,
      };
    },
  },
  {
    id: "bare-address",
    question: "Which resource type does `/v1_1/<cloud>/upload` mean?",
    relied: "Nothing: each ticket's address names one. Public code leaves it out, and the emulator takes it.",
    async ask(cloud) {
      const public_id = cloud.newId();
      for (const resource_type of ["image", "raw"] as const)
        cloud.note({ resource_type, type: "upload", public_id });
      const file = { bytes: new TextEncoder().encode("just text"), name: "a.txt" };
      const text = await cloud.ask(undefined, "upload", { params: { public_id }, file });
      if (text.status === 200) return { answer: "auto" };
      const params = { public_id };
      const image = await cloud.ask(undefined, "upload", { params, file: { bytes: JPEG, name: "a.jpg" } });
      return { ...refusal(text), answer: image.status === 200 ? "image" : "none" };
    },
  },
  {
    id: "json-body",
    question: "Is an upload taken that comes as JSON?",
    relied: "Nothing: a ticket is sent as a form. Public code sends JSON, and the emulator takes it.",
    async ask(cloud) {
      const name = image(cloud);
      cloud.note(name);
      const params = { public_id: name.public_id };
      return taken(
        await cloud.ask("image", "upload", { params, file: { bytes: JPEG, name: "a.jpg" }, json: true }),
      );
    },
  },
  {
    id: "parts-signatures",
    question: "Are the parts of one file taken under different signatures and timestamps?",
    relied: "Renewal: an upload that takes longer than an hour goes on under a fresh signature.",
    async ask(cloud) {
      const { total, first, last } = partsOf(cloud, [3000, 0]);
      return whole(total, [await first(), await last()]);
    },
  },
  {
    id: "parts-order",
    question: "May the last part of a file come first?",
    relied: "Nothing here: the browser client sends parts in their order. Other clients do not.",
    async ask(cloud) {
      const { total, first, last } = partsOf(cloud, [0, 0]);
      return whole(total, [await last(), await first()]);
    },
  },
  {
    id: "parts-at-once",
    question: "May parts come at once?",
    relied: "Nothing here, as above.",
    async ask(cloud) {
      const { total, first, last } = partsOf(cloud, [0, 0]);
      return whole(total, await Promise.all([first(), last()]));
    },
  },
  {
    id: "patience",
    question: "Which of 420, 423 and 429 ask for patience?",
    relied:
      "Clients send again after each of them. No script can bring them about on purpose: told is what this one met.",
    ask: async ({ met }) => (met.length === 0 ? undefined : { answer: [...new Set(met)].sort().join(", ") }),
  },
];
