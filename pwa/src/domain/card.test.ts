import { expect, test } from "vitest";
import { cardCode, phonesWithCode } from "./card";

const ANNAS = { id: "01932f3e-7b2a-7c11-9f00-0123456789ab" };
const BOS = { id: "01932f3e-7b2a-7c11-9f00-fedcba987654" };

test("a phone's card says the same every time and differs from the next phone's", () => {
  expect(cardCode(ANNAS.id)).toBe("4D2P-F2DB");
  expect(cardCode(ANNAS.id)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(cardCode("01932f3e-7b2a-7c11-9f00-0123456789ac")).not.toBe(cardCode(ANNAS.id));
});

test("the coordinator finds the lost phone by its code, however it was written down", () => {
  const code = cardCode(BOS.id);
  for (const typed of [code, code.toLowerCase(), code.replace("-", " "), code.slice(0, 3), code.replaceAll("0", "o")])
    expect(phonesWithCode([ANNAS, BOS], typed)).toEqual([BOS]);
});

test("nothing typed shows every phone, and a code that is nobody's shows none", () => {
  expect(phonesWithCode([ANNAS, BOS], " ")).toEqual([ANNAS, BOS]);
  expect(phonesWithCode([ANNAS, BOS], "ZZZZ-ZZZZ")).toEqual([]);
});
