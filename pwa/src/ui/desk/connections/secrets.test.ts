import { expect, test } from "vitest";
import { digestOf, newKey } from "./secrets";

test("no two keys are the same, and each can stand in a form as it is", () => {
  const keys = new Set(Array.from({ length: 50 }, newKey));

  expect(keys.size).toBe(50);
  for (const key of keys) expect(key).toMatch(/^trygg_[A-Za-z0-9_-]{43}$/);
});

test("the digest is the one the server makes of the same key", async () => {
  expect(await digestOf("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
