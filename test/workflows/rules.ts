// What a workflow of this project keeps to, beyond what GitHub would refuse: who takes over an action, a dependency or a
// branch name gets no further than one job that can write nothing.

import { isMap, isScalar, type Pair, parseDocument, visit } from "yaml";

/** Systems by exact name: what `-latest` means changes without a commit. */
const SYSTEMS = ["ubuntu-24.04", "macos-15"];
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const VERSION = /^ v\d+\.\d+\.\d+$/;
/** Runs what the repository or a registry brings. */
const RUNS_CODE = /\b(npx|node|npm (ci|i|install|exec|run|test|t))\b/;
/** They run with the repository's secrets over what a stranger sent. */
const FOR_STRANGERS = ["pull_request_target", "workflow_run", "issue_comment"];

type Members = Readonly<Record<string, unknown>>;

const members = (value: unknown): Members =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Permissions that are more than reading; `undefined`: none are written out. */
function written(permissions: unknown): string[] | undefined {
  if (typeof permissions === "string") return [permissions];
  if (typeof permissions !== "object" || permissions === null) return undefined;
  return Object.entries(permissions)
    .filter(([, access]) => access !== "read" && access !== "none")
    .map(([scope, access]) => `${scope}: ${access}`);
}

/** Of every `uses`: a commit, and the version that it was. */
function pins(text: string): string[] {
  const wrong: string[] = [];
  visit(parseDocument(text), {
    Pair(_, { key, value }: Pair) {
      if (!isScalar(key) || key.value !== "uses" || !isScalar(value)) return;
      const action = String(value.value);
      if (action.startsWith("./")) return;
      if (!PINNED.test(action)) wrong.push(`pin ${action} by the full SHA of a commit`);
      else if (!VERSION.test(value.comment ?? "")) wrong.push(`say the version after ${action}: # v1.2.3`);
    },
  });
  return wrong;
}

/** `isForWriting`: what the job makes goes into one that may write. */
function stepFaults(step: Members, mayWrite: boolean, isForWriting: boolean): string[] {
  const { uses, run, with: given } = step;
  const action = String(uses ?? "").split("@")[0];
  const wrong: string[] = [];
  if (action === "actions/checkout" && members(given)["persist-credentials"] !== false)
    wrong.push("give actions/checkout `persist-credentials: false`");
  if (typeof run === "string" && run.includes("${{"))
    wrong.push("hand values to `run` by `env`: as an expression they are read as commands");
  if (String(members(given).script ?? "").includes("${{"))
    wrong.push("hand values to `script` by `env`: as an expression they are read as code");
  if (mayWrite && (action === "actions/checkout" || RUNS_CODE.test(String(run ?? ""))))
    wrong.push("run nothing of the repository or of a registry in a job that may write");
  if (isForWriting && action === "actions/setup-node" && members(given)["package-manager-cache"] !== false)
    wrong.push("give actions/setup-node `package-manager-cache: false` in a workflow that may write");
  return wrong;
}

const mayWrite = (job: Members): boolean => (written(job.permissions) ?? []).length > 0;

function jobFaults(job: Members, isForWriting: boolean): string[] {
  const writes = written(job.permissions);
  const systems = list(
    job["runs-on"] === "$" + "{{ matrix.os }}" ? members(members(job.strategy).matrix).os : job["runs-on"],
  );
  return [
    ...(writes === undefined ? ["write out its `permissions`"] : []),
    ...(writes?.some((one) => one.endsWith("-all")) ? ["name its permissions one by one"] : []),
    ...(typeof job["timeout-minutes"] === "number" ? [] : ["give it `timeout-minutes`"]),
    ...systems
      .filter((name) => !SYSTEMS.includes(String(name)))
      .map((name) => `take one of ${SYSTEMS.join(", ")}, and not ${name}`),
    ...list(job.steps).flatMap((step) => stepFaults(members(step), mayWrite(job), isForWriting)),
  ];
}

/** What is wrong with a workflow, what to do first; it is one that GitHub would take. */
export function ruleFaults(text: string): string[] {
  const document = parseDocument(text);
  // GitHub's service says what is no YAML.
  if (document.errors.length > 0) return [];
  if (!isMap(document.contents)) return ["write a workflow: there is none"];
  const workflow = members(document.toJS());
  const { on } = workflow;
  const events =
    Array.isArray(on) || typeof on !== "object" ? list(on).map(String) : Object.keys(members(on));
  const jobs = Object.entries(members(workflow.jobs)).map(([name, job]) => [name, members(job)] as const);
  const isForWriting = jobs.some(([, job]) => mayWrite(job));
  const all = written(workflow.permissions);
  return [
    ...pins(text),
    ...(all?.length === 0 ? [] : ["begin with `permissions: {}`: each job names its own"]),
    ...(workflow.concurrency === undefined ? ["give it `concurrency`"] : []),
    ...events
      .filter((name) => FOR_STRANGERS.includes(name))
      .map((name) => `take another event than ${name}: it lets strangers in`),
    ...jobs.flatMap(([name, job]) => jobFaults(job, isForWriting).map((fault) => `job ${name}: ${fault}`)),
  ];
}
