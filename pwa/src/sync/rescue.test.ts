import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import type { RescueKey } from "../domain/wire";
import { setMeta } from "../storage/identity";
import { aPhone, heal, note, outbox, shoot, WALK } from "./evening";
import { handIn } from "./hand_in";
import { ModelServer } from "./model";
import { forgetPhone, makeRescue, NoKey, unsent } from "./rescue";
import { PIECE, sealer } from "./seal";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

type Bytes = Uint8Array<ArrayBuffer>;
const P256 = { name: "ECDH", namedCurve: "P-256" } as const;

async function aKey(): Promise<{ to: RescueKey; open: (file: Blob) => Promise<Bytes> }> {
  const pair = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const to = { municipality: "lidkoping", key: "k", spki: btoa(String.fromCharCode(...spki)) };
  return { to, open: (file) => opened(pair, file) };
}

/** What the server does, in this test's own words. */
async function opened(pair: CryptoKeyPair, file: Blob): Promise<Bytes> {
  const all = new Uint8Array(await file.arrayBuffer());
  const view = new DataView(all.buffer);
  const length = view.getUint32(8);
  const header = all.slice(0, 12 + length);
  const { epk } = JSON.parse(new TextDecoder().decode(header.slice(12))) as { epk: string };
  const raw = Uint8Array.from(atob(epk), (letter) => letter.charCodeAt(0));
  const theirs = await crypto.subtle.importKey("raw", raw, P256, true, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
  const own = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const info = new Uint8Array([...new TextEncoder().encode("trygg-rescue-1"), ...own]);
  const from = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: raw, info };
  const key = await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const additionalData = await crypto.subtle.digest("SHA-256", header);
  const plain: number[] = [];
  for (let at = header.length, n = 0; at < all.length; n++) {
    const size = view.getUint32(at);
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, n);
    iv[11] = all[at + 4] as number;
    const sealed = all.slice(at + 5, at + 5 + size);
    for (const byte of new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed),
    ))
      plain.push(byte);
    at += 5 + size;
  }
  return Uint8Array.from(plain);
}

function records(plain: Bytes): { kind: string; wire?: string; photo?: { bytes: number }; count?: unknown }[] {
  const found = [];
  for (let at = 0; at < plain.length; ) {
    const length = new DataView(plain.buffer).getUint32(at);
    const record = JSON.parse(new TextDecoder().decode(plain.slice(at + 4, at + 4 + length)));
    found.push(record);
    at += 4 + length + (record.photo?.bytes ?? 0);
  }
  return found;
}

test("what is sealed is opened as it was, whatever its length", async () => {
  const { to, open } = await aKey();
  for (const size of [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 7]) {
    const bytes = Uint8Array.from({ length: size }, (_, n) => (n * 7) % 251);
    const seal = await sealer(to);
    await seal.write(bytes.slice(0, 5));
    await seal.write(bytes.slice(5));
    expect(await open(new Blob(await seal.end()))).toEqual(bytes);
  }
});

test("two files of the same are sealed with different keys", async () => {
  const { to } = await aKey();
  const made = await Promise.all([sealer(to), sealer(to)].map(async (it) => new Blob(await (await it).end()).text()));
  expect(made[0]).not.toEqual(made[1]);
});

test("everything unsent is in the file, byte for byte as it would travel, and nothing on the phone changes", async () => {
  const db = await aPhone();
  const { to, open } = await aKey();
  await db.write(["meta"], (tx) => setMeta(tx, "rescue_key", to));
  await note(db);
  await shoot(db, 900_000);
  await handIn(db, WALK);
  await shoot(db, 700, false);
  const before = await outbox(db);

  const file = await makeRescue(db);

  const found = records(await open(file));
  expect(found.map((record) => record.kind)).toEqual([
    "manifest",
    ...before.map(() => "operation"),
    "draft",
    "photo",
    "photo",
    "end",
  ]);
  expect(found.flatMap((record) => record.wire ?? [])).toEqual(before.map((row) => JSON.stringify(row.operation)));
  expect(found.at(-1)?.count).toEqual({ operations: before.length, drafts: 1, photos: 2 });
  expect(await outbox(db)).toEqual(before);
  expect(file.name).toMatch(/^trygghetsvandring-.*\.trygg$/);
  expect(await unsent(db)).toMatchObject({ drafts: 1, operations: before.length, photos: 2 });
});

test("a phone that never got the municipality's key says so", async () => {
  const db = await aPhone();
  await expect(makeRescue(db)).rejects.toThrow(NoKey);
});

test("a phone with something unsent forgets nothing; when all is received it forgets everything", async () => {
  const db = await aPhone();
  await note(db);
  expect(await forgetPhone(db)).toBe(false);
  await handIn(db, WALK);
  expect(await forgetPhone(db)).toBe(false);
  expect(await heal(db, new ModelServer())).toBe("done");
  expect(await forgetPhone(db)).toBe(true);
  expect(await outbox(db)).toEqual([]);
});
