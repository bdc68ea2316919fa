// Serves the probe in Deno.

declare const Deno: {
  readonly version: { readonly deno: string };
  serve(
    options: { hostname: string; port: number; onListen(address: { port: number }): void },
    fetch: (request: Request) => Promise<Response>,
  ): unknown;
};

const { default: probe } = (await import(
  new URL("probe.mjs", import.meta.url).href
)) as typeof import("../probe.ts");

const onListen = ({ port }: { port: number }) => console.log(`listening ${port} ${Deno.version.deno}`);
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, probe.fetch);
