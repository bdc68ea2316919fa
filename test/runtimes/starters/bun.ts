// Serves the probe in Bun.

declare const Bun: {
  readonly version: string;
  serve(options: { hostname: string; port: number; fetch: (request: Request) => Promise<Response> }): {
    readonly port: number;
  };
};

const { default: probe } = (await import(
  new URL("probe.mjs", import.meta.url).href
)) as typeof import("../probe.ts");

const { port } = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: probe.fetch });
console.log(`listening ${port} ${Bun.version}`);
