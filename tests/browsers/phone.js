// Functions that tests run in the page. Each is one expression; tests/browsers/phone.py picks them by name.
// --- read
async (name) => {
  const open = indexedDB.open(name);
  const db = await new Promise((resolve, reject) => {
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });
  const stores = [...db.objectStoreNames];
  const tx = db.transaction(stores);
  const all = (store) =>
    new Promise((resolve, reject) => {
      const asked = tx.objectStore(store).getAll();
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  const [drafts, outbox, photos, kept, meta, states] = await Promise.all(
    ["drafts", "outbox", "photos", "bytes", "meta", "states"].map(all),
  );
  const version = db.version;
  db.close();
  const two = (byte) => byte.toString(16).padStart(2, "0");
  const hex = async (bytes) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map(two).join("");
  const bytes = await Promise.all(kept.map(async (row) => [row.id, await hex(row.bytes)]));
  return {
    drafts,
    outbox,
    photos: Object.fromEntries(photos.map((row) => [row.id, row])),
    bytes: Object.fromEntries(bytes),
    meta: Object.fromEntries(meta.map((row) => [row.key, row.value])),
    states: states.length,
    version,
  };
};
// --- fill
async ({ findings, photos, word }) => {
  const open = indexedDB.open("trygg-field");
  const db = await new Promise((resolve) => {
    open.onsuccess = () => resolve(open.result);
  });
  const get = (store, key) =>
    new Promise((resolve) => {
      const asked = db.transaction(store).objectStore(store).get(key);
      asked.onsuccess = () => resolve(asked.result);
    });
  const all = (store) =>
    new Promise((resolve) => {
      const asked = db.transaction(store).objectStore(store).getAll();
      asked.onsuccess = () => resolve(asked.result);
    });
  const { walk } = (await get("meta", "identity")).value;
  const stops = (await all("states")).find((row) => row.kind === "walk").state.stops;
  const uuid = () => {
    const at = Date.now().toString(16).padStart(12, "0");
    return `${at.slice(0, 8)}-${at.slice(8)}-7${crypto.randomUUID().slice(15)}`;
  };
  const now = () => new Date().toISOString();
  const made = Array.from({ length: findings }, (_, n) => ({
    id: uuid(),
    walk,
    stop: stops[n % stops.length].id,
    category: "annat",
    severity: null,
    text: `${word}, fynd ${n + 1}`,
    position: null,
    place_words: "",
    seen_at: now(),
    called: null,
    checklist_item: null,
    mono_ms: performance.now(),
    session: uuid(),
    photos: [],
  }));
  const tx = db.transaction(["drafts", "photos", "bytes"], "readwrite", { durability: "strict" });
  photos.forEach((base64, n) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
    const of = made[n % made.length];
    const id = uuid();
    of.photos.push(id);
    tx.objectStore("photos").put({
      id,
      of: of.id,
      width: 200,
      height: 200,
      masks: 0,
      taken_at: now(),
      checked: true,
      size: bytes.byteLength,
      revision: uuid(),
      passage: "draft",
      walk,
      sha256: null,
      url: null,
      sent: 0,
      attempts: 0,
      mismatches: 0,
      not_before: 0,
      code: null,
      proved_at: null,
    });
    tx.objectStore("bytes").put({ id, bytes });
  });
  for (const draft of made) tx.objectStore("drafts").put({ kind: "observation", id: draft.id, walk, draft });
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onabort = () => reject(tx.error);
  });
  db.close();
  const channel = new BroadcastChannel("trygg-field");
  channel.postMessage("changed");
  channel.close();
};
// --- isStored
async () => {
  const registration = await navigator.serviceWorker?.getRegistration();
  return registration?.active?.state === "activated";
};
// --- everything
async () => {
  // Whatever a page of this origin can reach: [where, base64]. Text and objects as JSON, bytes as they are.
  const found = [];
  const base64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  };
  const keep = (where, bytes) => found.push([where, base64(new Uint8Array(bytes))]);
  const say = (where, value) => keep(where, new TextEncoder().encode(value));
  const walk = async (where, value) => {
    if (value instanceof ArrayBuffer) keep(where, value);
    else if (ArrayBuffer.isView(value)) keep(where, value.buffer);
    else if (value instanceof Blob) keep(where, await value.arrayBuffer());
    else if (value && typeof value === "object" && !(value instanceof CryptoKey))
      for (const [name, part] of Object.entries(value)) await walk(`${where}.${name}`, part);
    else say(where, String(value));
  };
  for (const { name } of await indexedDB.databases()) {
    const open = indexedDB.open(name);
    const db = await new Promise((y, n) => {
      open.onsuccess = () => y(open.result);
      open.onerror = () => n(open.error);
    });
    for (const store of db.objectStoreNames) {
      const asked = db.transaction(store).objectStore(store).getAll();
      const rows = await new Promise((y, n) => {
        asked.onsuccess = () => y(asked.result);
        asked.onerror = () => n(asked.error);
      });
      for (const [n, row] of rows.entries()) await walk(`${name}/${store}/${n}`, row);
    }
    db.close();
  }
  for (const [name, kept] of Object.entries({ localStorage, sessionStorage }))
    for (const [key, value] of Object.entries(kept)) say(`${name}/${key}`, value);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys())
      keep(`cache ${request.url}`, await (await cache.match(request)).arrayBuffer());
  }
  const root = await navigator.storage.getDirectory?.();
  if (root) for await (const [name, file] of root.entries())
    if (file.kind === "file") keep(`file ${name}`, await (await file.getFile()).arrayBuffer());
  return found;
};
