// How each framework calls the files of docs/frameworks.md: Next.js by its own route module, Vercel's function in its
// Edge Runtime, the others in the shape that their sources show, for they are no dependency of this project.

import { createRequire } from "node:module";

/** For what Next.js doesn't declare as its interface: its version is fixed here. */
const require = createRequire(import.meta.url);

/** A file of docs/frameworks.md, bundled and imported. */
// biome-ignore lint/suspicious/noExplicitAny: each framework has its own exports
export type Handler = any;

/** The files of docs/frameworks.md, as a framework's build reads them. */
export interface Files {
  /** Their paths. */
  readonly paths: readonly string[];
  text(path: string): string;
  /** A module of them, bundled for Node. */
  load(path: string): Promise<Handler>;
  /** The same as the text of a script that sets the global `handler`. */
  script(path: string): Promise<string>;
  /** What the host's variables are. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Hands a request to the file that its path leads to; absent, no file of ours is asked. */
export type Framework = (request: Request) => Promise<Response | undefined>;

/** The address of the caller, where a host tells one. */
export const ADDRESS = "192.0.2.7";

const matches = (pathname: string, request: Request): boolean =>
  new URLPattern({ pathname }).test(request.url);

/** The path under which a file in a folder of routes is served: `[...path]` is any rest. */
function routed(files: Files, path: string, folder: string, suffix: string): string {
  if (!files.paths.includes(path)) throw new Error(`no file ${path}`);
  return path.slice(folder.length, -suffix.length).replace("[...path]", "*");
}

/**
 * Next.js itself: the class that `next build` writes a route file into, with what its Edge wrapper gives it. `folder` has
 * the file, whose exports are `userland`.
 */
export async function nextRoute(
  folder: string,
  userland: object,
): Promise<(request: Request) => Promise<Response>> {
  // Before all else, as Next.js's server does: it makes AsyncLocalStorage a global.
  require("next/dist/server/node-environment-baseline.js");
  const { NextRequest } = require("next/server.js");
  const { AppRouteRouteModule } = require("next/dist/server/route-modules/app-route/module.js");
  const route = new AppRouteRouteModule({
    definition: {
      kind: "APP_ROUTE",
      page: `${folder.replace(/^app/, "")}/route`,
      pathname: folder.replace(/^app/, ""),
      filename: "route",
      bundlePath: `${folder}/route`,
    },
    distDir: ".next",
    relativeProjectDir: "",
    resolvedPagePath: `${folder}/route.ts`,
    nextConfigOutput: undefined,
    userland: () => userland,
  });
  await route.ensureUserland();
  const context = {
    params: {},
    renderOpts: { experimental: {}, waitUntil: undefined, onClose: () => {} },
    sharedContext: { buildId: "", deploymentId: "" },
  };
  return (request) => route.handle(new NextRequest(request), context);
}

async function nextjs(files: Files): Promise<Framework> {
  const file = "app/api/uploads/[...path]/route.ts";
  const pathname = routed(files, file, "app", "/route.ts");
  const handle = await nextRoute("app/api/uploads/[...path]", await files.load(file));
  return async (request) => (matches(pathname, request) ? handle(request) : undefined);
}

/** `renderEndpoint` of astro 7.3.5. */
async function astro(files: Files): Promise<Framework> {
  const file = "src/pages/api/uploads/[...path].ts";
  const pathname = routed(files, file, "src/pages", ".ts");
  const mod = await files.load(file);
  if (mod.prerender !== false) throw new Error("Astro would answer only what it rendered when it was built");
  return async (request) => {
    if (!matches(pathname, request)) return undefined;
    const handler = mod[request.method] ?? mod.ALL;
    return handler.call(mod, { request, clientAddress: ADDRESS, url: new URL(request.url), params: {} });
  };
}

/** `render_endpoint` of @sveltejs/kit 3.2.0. */
async function sveltekit(files: Files): Promise<Framework> {
  const file = "src/routes/api/uploads/[...path]/+server.ts";
  const pathname = routed(files, file, "src/routes", "/+server.ts");
  const mod = await files.load(file);
  return async (request) => {
    if (!matches(pathname, request)) return undefined;
    const handler = mod[request.method] ?? mod.fallback;
    return handler({ request, getClientAddress: () => ADDRESS, url: new URL(request.url), params: {} });
  };
}

/** `queryRoute` of react-router 8.4.0: what changes nothing goes to the loader, OPTIONS too. */
async function reactRouter(files: Files): Promise<Framework> {
  const { default: routes } = await files.load("app/routes.ts");
  const found = routes.map(async ({ path, file }: { path: string; file: string }) => ({
    pathname: `/${path}`,
    mod: await files.load(`app/${file}`),
  }));
  const [{ pathname, mod }] = await Promise.all(found);
  return async (request) => {
    if (!matches(pathname, request)) return undefined;
    const handler = ["POST", "PUT", "PATCH", "DELETE"].includes(request.method) ? mod.action : mod.loader;
    return handler({ request, params: {}, context: {} });
  };
}

/** Vercel's Edge Runtime, as Next.js brings it along, and what `@vercel/node` 24.0.0 wraps a function into. */
async function vercel(files: Files): Promise<Framework> {
  const [{ source, destination }] = JSON.parse(files.text("vercel.json")).rewrites;
  const { config } = await files.load(`${destination.slice(1)}.ts`);
  if (config.runtime !== "edge") throw new Error("this is a function of another runtime");
  const { EdgeRuntime } = require("next/dist/compiled/edge-runtime");
  const runtime = new EdgeRuntime({
    extend: (context: object) =>
      Object.assign(context, {
        process: { env: files.variables },
        frameworks: Reflect.get(globalThis, "frameworks"),
      }),
    initialCode: `${await files.script(`${destination.slice(1)}.ts`)}
      addEventListener("fetch", (event) => {
        const method = handler[event.request.method];
        const context = { waitUntil: event.waitUntil.bind(event) };
        event.respondWith(method ? method(event.request, context) : new Response(null, { status: 405 }));
      });`,
  });
  return async (request) => {
    if (!matches(source, request)) return undefined;
    const { body, method } = request;
    // Vercel writes this header itself, whatever the caller sent.
    const headers = [...request.headers, ["x-real-ip", ADDRESS]];
    return runtime.dispatchFetch(request.url, { body, duplex: "half", headers, method });
  };
}

/** Netlify's Edge Functions, by the types of @netlify/edge-functions 4.0.0. */
async function netlify(files: Files): Promise<Framework> {
  Object.assign(globalThis, { Netlify: { env: { get: (name: string) => files.variables[name] } } });
  const { default: handler, config } = await files.load("netlify/edge-functions/uploads.ts");
  return async (request) =>
    matches(config.path, request) ? handler(request, { ip: ADDRESS, url: new URL(request.url) }) : undefined;
}

/** The frameworks of docs/frameworks.md, by their headings; `address` is whether their host tells the caller's. */
export const FRAMEWORKS: readonly {
  name: string;
  start: (files: Files) => Promise<Framework>;
  address: boolean;
}[] = [
  { name: "Next.js", start: nextjs, address: false },
  { name: "Astro", start: astro, address: true },
  { name: "SvelteKit", start: sveltekit, address: true },
  { name: "React Router", start: reactRouter, address: false },
  { name: "Vercel", start: vercel, address: true },
  { name: "Netlify", start: netlify, address: true },
];
