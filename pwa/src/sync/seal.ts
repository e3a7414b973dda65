/**
 * Sealing for the municipality: ECDH on P-256 with a one-time key, HKDF-SHA-256, AES-256-GCM piece by piece. What is
 * written here is opened by `trygghetsvandring/storage/seals.py`; a file of this side's making is opened by its test.
 */
import type { RescueKey } from "../domain/wire";

const MAGIC = new TextEncoder().encode("TRYGGRF1");
const INFO = new TextEncoder().encode("trygg-rescue-1");
/** A piece in memory at a time, so that thirty photos fit on any phone. */
export const PIECE = 262_144;

type Bytes = Uint8Array<ArrayBuffer>;

export interface Sealer {
  write(bytes: Bytes): Promise<void>;
  /** The whole sealed file, in parts that the browser may keep on disk. */
  end(): Promise<Blob[]>;
}

export async function sealer(to: RescueKey): Promise<Sealer> {
  const theirs = await crypto.subtle.importKey("spki", fromBase64(to.spki), P256, true, []);
  const once = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  const epk = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
  const key = await contentKey(shared, epk, new Uint8Array(await crypto.subtle.exportKey("raw", theirs)));
  const said = new TextEncoder().encode(
    JSON.stringify({ municipality: to.municipality, key: to.key, epk: toBase64(epk) }),
  );
  const header = joined([MAGIC, number(said.length), said]);
  const behind = await crypto.subtle.digest("SHA-256", header);
  const parts: Blob[] = [new Blob([header])];
  const here = new Uint8Array(PIECE);
  let filled = 0;
  let count = 0;

  const seal = async (isLast: boolean): Promise<void> => {
    const last = Uint8Array.of(isLast ? 1 : 0);
    const iv = joined([new Uint8Array(7), number(count), last]);
    const how = { name: "AES-GCM", iv, additionalData: behind };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, here.slice(0, filled)));
    parts.push(new Blob([number(sealed.length), last, sealed]));
    count += 1;
    filled = 0;
  };

  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (filled === PIECE) await seal(false);
        const some = bytes.subarray(at, at + PIECE - filled);
        here.set(some, filled);
        filled += some.length;
        at += some.length;
      }
    },
    async end() {
      await seal(true);
      return parts;
    },
  };
}

const P256 = { name: "ECDH", namedCurve: "P-256" } as const;

async function contentKey(shared: ArrayBuffer, epk: Bytes, theirs: Bytes): Promise<CryptoKey> {
  const from = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: epk, info: joined([INFO, theirs]) };
  return crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
}

/** Four bytes, the highest first. */
export function number(n: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes;
}

export function joined(parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
