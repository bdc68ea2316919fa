// Text of any code points. fast-check's own unit "binary" first lists all million of them, which takes a second in each file.

import fc from "fast-check";

const point = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 0xff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x100, max: 0xd7ff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
);

export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(point, { maxLength }).map((points) => String.fromCodePoint(...points));
