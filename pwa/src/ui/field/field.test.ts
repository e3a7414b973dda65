import { describe, expect, test } from "vitest";
import { secretIn, wholeCode } from "./code";
import { isDanger } from "./danger";

describe("the typed code", () => {
  test("cold fingers write it in many ways", () => {
    for (const typed of ["7K3M-Q2XA", "7k3m q2xa", " 7k3mq2xa ", "7K3M–Q2XA"])
      expect(wholeCode(typed)).toBe("7K3MQ2XA");
  });
  test("O is read as zero, I and L as one", () => {
    expect(wholeCode("oOiI lL23")).toBe("00111123");
  });
  test("a code that is too short, too long or has a U is not one", () => {
    for (const typed of ["", "7K3M-Q2X", "7K3M-Q2XAB", "7K3M-Q2XU"]) expect(wholeCode(typed)).toBeNull();
  });
});

test("the secret is read from the fragment, and nothing else is", () => {
  expect(secretIn("#g=Zm9vYmFyYmF6cXV1eDEyMw")).toBe("Zm9vYmFyYmF6cXV1eDEyMw");
  expect(secretIn("#g=")).toBeNull();
  expect(secretIn("#g=abc<script>alert(1)</script>")).toBeNull();
  expect(secretIn("")).toBeNull();
});

describe("danger", () => {
  test("severity three is danger whatever it is", () => {
    expect(isDanger(3, { urgent: false })).toBe(true);
    expect(isDanger(3, undefined)).toBe(true);
  });
  test("an urgent category is danger before anybody has weighed it", () => {
    expect(isDanger(null, { urgent: true })).toBe(true);
    expect(isDanger(0, { urgent: true })).toBe(true);
  });
  test("anything less is not", () => {
    for (const severity of [null, 0, 1, 2] as const) expect(isDanger(severity, { urgent: false })).toBe(false);
  });
});
