// Numbers and boxes of coordinates, in plain decimal notation: each has one spelling.

import { err, ok, type Result } from "../../result.ts";
import { one, type Read, type Value } from "./value.ts";

/** Plain decimal notation; `1e5`, ` 1` and `0x1` are none. */
export const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;
const WHOLE = /^-?\d{1,15}$/;

/** A finite number that is written in this pattern, from a number or its text. */
function read<Reason extends string>(
  raw: unknown,
  pattern: RegExp,
  reason: Reason,
): Result<Value, { readonly reason: Reason }> {
  const text = typeof raw === "number" ? String(raw) : raw;
  if (typeof text !== "string" || !pattern.test(text)) return err({ reason });
  const number = String(Number(text));
  return pattern.test(number) ? ok(one(number)) : err({ reason });
}

export const readNumber = (raw: unknown) => read(raw, DECIMAL, "not_number");
export const readWhole = (raw: unknown) => read(raw, WHOLE, "not_whole");

/** `[x, y, w, h]`, `"x,y,w,h"`, or several such boxes as `"x,y,w,h|x,y,w,h"`. */
export const readCoordinates = (raw: unknown): Read<"not_boxes"> => {
  const boxes: unknown[][] =
    typeof raw === "string" ? raw.split("|").map((box) => box.split(",")) : Array.isArray(raw) ? [raw] : [];
  const wrong = err({ reason: "not_boxes" } as const);
  if (boxes.length === 0) return wrong;
  const numbers: string[] = [];
  for (const box of boxes) {
    if (box.length !== 4) return wrong;
    for (const part of box) {
      const number = readNumber(part);
      if (!number.ok) return wrong;
      numbers.push(number.value.text);
    }
  }
  const text = boxes.map((_, i) => numbers.slice(i * 4, i * 4 + 4).join(",")).join("|");
  return ok({ text, items: numbers, count: boxes.length });
};
