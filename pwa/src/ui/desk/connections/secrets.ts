/** Keys are made here and shown once; the server is told their digest and nothing else. */

const BYTES = 32;

/** 256 bits from the browser's own source, in letters and digits that a form or a header takes as they are. */
export function newKey(): string {
  const raw = crypto.getRandomValues(new Uint8Array(BYTES));
  return `trygg_${btoa(String.fromCharCode(...raw))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")}`;
}

/** SHA-256 in hexadecimal, as the server keeps it. */
export async function digestOf(key: string): Promise<string> {
  const raw = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return [...new Uint8Array(raw)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
