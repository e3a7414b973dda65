import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import fc, { type AsyncCommand } from "fast-check";
import { expect, test, vi } from "vitest";
import { uuid7 } from "../domain/ids";
import type { Uuid } from "../domain/wire";
import type { Database } from "../storage/database";
import { draftsOf, removeObservation, saveObservation, saveShot } from "../storage/drafts";
import { handInAgain } from "./again";
import { anObservation, aPhone, aPhoto, heal, outbox, photoRow, WALK } from "./evening";
import { correct, handIn, withdraw } from "./hand_in";
import { items } from "./items";
import { type Asked, type Fate, ModelServer, problem } from "./model";
import { round } from "./sender";

/** What a person would say is on the phone: what they have not handed in, what they have, and what they threw away. */
interface Model {
  drafts: Map<Uuid, { text: string; photos: Uuid[] }>;
  handedIn: Map<Uuid, { photos: Uuid[]; acts: number }>;
  thrownAway: Set<Uuid>;
  photos: Set<Uuid>;
}

const POISON = "GIFT";
const RUNS = { quick: 25, ci: 150, night: 5_000 }[process.env.TRYGG_PROFILE ?? "quick"] ?? 25;

class Phone {
  server = new ModelServer();
  backup = this.server.backup();
  late: Asked[] = [];
  holder = uuid7();
  db: Database;

  constructor(db: Database) {
    this.db = db;
    this.server.judge = ({ body }) =>
      "text" in body && body.text === POISON ? { outcome: "rejected", code: "names_a_person" } : null;
  }

  async sends(...fates: Fate[]): Promise<void> {
    this.server.clock += 3_700_000;
    this.server.fates = fates;
    await round(this.db, this.server, this.holder);
    this.server.fates = [];
  }

  /** The page ends while an answer is on its way, and a new one opens. */
  async crashes(after: number): Promise<void> {
    this.server.clock += 3_700_000;
    this.server.fates = [...Array<Fate>(after).fill("pass"), "hang"];
    let isOver = false;
    void round(this.db, this.server, this.holder).finally(() => {
      isOver = true;
    });
    // Not before the hanging request is made: a page that is gone goes on with nothing.
    while (!isOver && this.server.fates.length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    this.server.fates = [];
    this.db.close();
    this.db = await aPhone();
    this.holder = uuid7();
  }

  again(asked: Asked): Promise<Response> {
    const { method, headers, body } = asked;
    return this.server.fetch(asked.path, { method, headers, body: body.length > 0 ? body : null });
  }
}

type Does = (model: Model, phone: Phone) => Promise<unknown>;

/** Every command ends with what always holds. */
function command(name: string, does: Does, can: (model: Model) => boolean = () => true): AsyncCommand<Model, Phone> {
  return {
    toString: () => name,
    check: (model) => can(model),
    run: async (model, phone) => {
      await does(model, phone);
      await holds(model, phone);
    },
  };
}

async function holds(model: Model, { db, server }: Phone): Promise<void> {
  const { observations } = await draftsOf(db, WALK);
  expect(new Map(observations.map(({ id, text, photos }) => [id, { text, photos }]))).toEqual(model.drafts);
  const shown = new Map((await items(db, WALK)).map((item) => [item.id, item.passage]));
  expect([...shown.keys()].sort()).toEqual([...model.drafts.keys(), ...model.handedIn.keys()].sort());
  for (const [id, passage] of shown) expect(passage === "draft", id).toBe(model.drafts.has(id));
  const rows = await outbox(db);
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, at) => at + 1));
  for (const [id, { acts }] of model.handedIn) {
    expect(rows.filter((row) => row.entity === id && row.replaced_by === null).length).toBe(acts);
  }
  for (const id of model.photos) expect((await photoRow(db, id)).id).toBe(id);
  const there = server.has("observation.record").map(({ entity }) => entity);
  expect(new Set(there).size, "made once").toBe(there.length);
  for (const id of there) expect(model.handedIn.has(id), `${id} left by itself`).toBe(true);
  expect([...server.stored.effects.values()].every((times) => times === 1)).toBe(true);
}

const nth = <T>(of: Iterable<T>, which: number): T => {
  const all = [...of];
  return all[which % all.length] as T;
};
const hasDrafts = (model: Model) => model.drafts.size > 0;
const hasHandedIn = (model: Model) => model.handedIn.size > 0;

function handedIn(model: Model): void {
  for (const [id, { photos }] of model.drafts) model.handedIn.set(id, { photos, acts: 1 });
  model.drafts.clear();
}

const which = fc.nat({ max: 50 });
const words = fc.constantFrom("", "Mörkt.", POISON, "å".repeat(500));

const handsIn = fc.constant(
  command("hand in", async (model, { db }) => {
    await handIn(db, WALK);
    handedIn(model);
  }),
);
const sendsAndPulls = fc.constant(command("send and pull", (_, phone) => phone.sends()));

const COMMANDS = [
  handsIn,
  handsIn,
  sendsAndPulls,
  sendsAndPulls,
  words.map((text) =>
    command(`capture ${text.slice(0, 6)}`, async (model, { db }) => {
      const made = anObservation({ text });
      await saveObservation(db, made);
      model.drafts.set(made.id, { text, photos: [] });
    }),
  ),
  fc.tuple(which, words).map(([n, text]) =>
    command(
      "edit",
      async (model, { db }) => {
        const [id, draft] = nth(model.drafts, n);
        await saveObservation(db, anObservation({ id, text, photos: draft.photos }));
        model.drafts.set(id, { ...draft, text });
      },
      hasDrafts,
    ),
  ),
  fc.tuple(which, fc.integer({ min: 1, max: 3_000 })).map(([n, size]) =>
    command(
      "attach",
      async (model, { db }) => {
        const [id, draft] = nth(model.drafts, n);
        const photo = aPhoto(id, size);
        const photos = [...draft.photos, photo.id];
        await saveShot(db, anObservation({ id, text: draft.text, photos }), photo);
        model.drafts.set(id, { ...draft, photos });
        model.photos.add(photo.id);
      },
      hasDrafts,
    ),
  ),
  which.map((n) =>
    command(
      "delete",
      async (model, { db }) => {
        const [id, { photos }] = nth(model.drafts, n);
        await removeObservation(db, id);
        model.drafts.delete(id);
        model.thrownAway.add(id);
        for (const photo of photos) model.photos.delete(photo);
      },
      hasDrafts,
    ),
  ),
  fc.tuple(which, fc.boolean()).map(([n, takesBack]) =>
    command(
      takesBack ? "withdraw" : "correct",
      async (model, { db }) => {
        const [id, known] = nth(model.handedIn, n);
        await (takesBack ? withdraw(db, id, "dubblett") : correct(db, id, { severity: n % 3 === 0 ? 1 : 2 }));
        model.handedIn.set(id, { ...known, acts: known.acts + 1 });
      },
      hasHandedIn,
    ),
  ),
  which.map((n) =>
    command(`a request is dropped`, (_, phone) => phone.sends(...Array<Fate>(n % 6).fill("pass"), "lost_request")),
  ),
  which.map((n) =>
    command(`an answer is dropped`, (_, phone) => phone.sends(...Array<Fate>(n % 6).fill("pass"), "lost_response")),
  ),
  which.map((n) =>
    command(`a request arrives twice`, async (_, phone) => {
      const twice: Promise<unknown>[] = [];
      const duplicated: Fate = (asked) => {
        twice.push(phone.again(asked));
        return null;
      };
      await phone.sends(...Array<Fate>(n % 6).fill("pass"), duplicated);
      await Promise.all(twice);
    }),
  ),
  which.map((n) =>
    command(`a request is late`, (_, phone) => {
      const held: Fate = (asked) => {
        phone.late.push(asked);
        return problem(503, "busy");
      };
      return phone.sends(...Array<Fate>(n % 6).fill("pass"), held);
    }),
  ),
  fc.constant(
    command("what was late arrives", async (_, phone) => {
      for (const asked of phone.late.splice(0)) await phone.again(asked);
    }),
  ),
  fc.constantFrom<Fate>("html", "truncated").map((fate) => command(`${fate}`, (_, phone) => phone.sends(fate, fate))),
  which.map((n) => command("crash", (_, phone) => phone.crashes(n % 6))),
  fc.constantFrom(-31_536_000_000, -3_600_000, 259_200_000).map((by) =>
    command("the clock jumps", async (_, { server }) => {
      server.clock += by;
    }),
  ),
  fc.constant(
    command("two tabs", async (model, phone) => {
      const other = await aPhone();
      phone.server.clock += 3_700_000;
      const both = [round(phone.db, phone.server, phone.holder), round(other, phone.server, uuid7())];
      await Promise.all([...both, handIn(other, WALK), handIn(phone.db, WALK)]);
      handedIn(model);
      other.close();
      expect(phone.server.mostInFlight).toBeLessThanOrEqual(1);
    }),
  ),
  fc.boolean().map((withPhoto) =>
    command("the phone is full", async (_, { db }) => {
      const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
        throw new DOMException("full", "QuotaExceededError");
      });
      const made = anObservation();
      const save = withPhoto ? saveShot(db, made, aPhoto(made.id)) : saveObservation(db, made);
      await expect(save).rejects.toThrow("full");
      put.mockRestore();
    }),
  ),
  fc.constant(
    command("a backup is taken", async (_, phone) => {
      phone.backup = phone.server.backup();
    }),
  ),
  fc.constant(
    command("the backup is restored", async (_, phone) => {
      phone.server.restore(phone.backup);
    }),
  ),
  which.map((n) =>
    command(
      "said otherwise",
      async (model, { db }) => {
        await handInAgain(db, nth(model.handedIn.keys(), n), { text: "Mörkt." });
      },
      hasHandedIn,
    ),
  ),
];

test("whatever is done to a phone and in whatever order, it holds what its person believes, and all of it arrives once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 40, size: "max" }), async (commands) => {
      globalThis.indexedDB = new IDBFactory();
      const model: Model = { drafts: new Map(), handedIn: new Map(), thrownAway: new Set(), photos: new Set() };
      const phone = new Phone(await aPhone());
      await fc.asyncModelRun(() => ({ model, real: phone }), commands);

      await handIn(phone.db, WALK);
      handedIn(model);
      await heal(phone.db, phone.server);
      for (const item of await items(phone.db, WALK)) {
        if (item.passage === "needs_you") await handInAgain(phone.db, item.id, { text: "Mörkt." });
      }
      expect(await heal(phone.db, phone.server)).toBe("done");
      await holds(model, phone);
      const there = phone.server.has("observation.record").map(({ entity }) => entity);
      expect(there.sort()).toEqual([...model.handedIn.keys()].sort());
      expect(there.filter((id) => model.thrownAway.has(id))).toEqual([]);
      for (const id of model.photos) expect(phone.server.stored.photos.get(id)?.state.state).toBe("received");
      phone.db.close();
    }),
    { numRuns: Number(process.env.RUNS ?? RUNS), endOnFailure: true },
  );
}, 21_600_000);
