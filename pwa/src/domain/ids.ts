import type { DateOnly, Uuid } from "./wire";

let lastMs = -1;
let counter = 0;

/**
 * A UUID made on this device: 48 bits of milliseconds, then a 12-bit counter (RFC 9562, method 1), so that ids made
 * inside one millisecond, or while the clock runs backwards, still sort in the order they were made.
 */
export function uuid7(now: number = Date.now()): Uuid {
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now > lastMs) {
    lastMs = now;
    counter = ((random[8] as number) << 3) & 0x7ff; // the top bit stays free: 2,048 ids before the counter can spill
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const rest = hex(random.subarray(0, 8));
  const variant = (0x8 | ((random[9] as number) & 0x3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${variant}${rest.slice(0, 3)}-${rest.slice(3, 15)}`;
}

const PASSES = "6f0f3f0e-6a7a-5e0b-9c1e-2b7f5a1d9c11";

/** The same pass has the same id on every phone of the team, without a network: UUIDv5 over organisation, evening and kind. */
export function passId(organisation: string, evening: DateOnly, kind: string): Promise<Uuid> {
  return uuid5(PASSES, `${organisation}:${evening}:${kind}`);
}

async function uuid5(namespace: Uuid, name: string): Promise<Uuid> {
  const words = new TextEncoder().encode(name);
  const input = new Uint8Array(16 + words.length);
  input.set((namespace.replaceAll("-", "").match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
  input.set(words, 16);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", input)).subarray(0, 16);
  digest[6] = ((digest[6] as number) & 0x0f) | 0x50;
  digest[8] = ((digest[8] as number) & 0x3f) | 0x80;
  const text = hex(digest);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

/** SHA-256 as the wire writes it: lower-case hex. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
