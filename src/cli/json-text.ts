// JSON for machines that a terminal may show too: what it would obey or turn around is escaped, as JSON allows.

const escaped = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");

/** In one line, or indented for people. */
export const jsonText = (value: unknown, form: "line" | "indented" = "indented"): string =>
  JSON.stringify(value, null, form === "line" ? undefined : 2).replace(
    // Between the members of indented JSON stand line ends, which are controls too.
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (text) => (text === "\n" ? text : escaped(text)),
  );
