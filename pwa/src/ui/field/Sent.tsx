import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { clock, dayWords } from "../../domain/times";
import type { ObservationBody, Uuid } from "../../domain/wire";
import { handInAgain } from "../../sync/again";
import { correct, withdraw } from "../../sync/hand_in";
import { canBeHandedInAgain, type Item } from "../../sync/items";
import { say } from "../parts/Live";
import { back } from "../parts/path";
import { t } from "../parts/words";
import { guard } from "./guarding";
import { ItemState } from "./ItemState";
import { Guard } from "./More";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { sendNow } from "./sending";
import { categoryOf, db, items, reload, stopAt } from "./store";
import { Gone } from "./What";

/** A finding that is handed in. It is never edited: a change is a new version, and taking it back needs a reason. */
export function Sent({ id }: { id: Uuid }) {
  const item = items.value.find((one) => one.id === id && one.passage !== "draft");
  if (item?.kind !== "observation") return <Gone />;
  return <Finding item={item} key={id} />;
}

/** The text as it was last handed in, from this phone's own outbox. */
async function textOf(id: Uuid): Promise<string> {
  const rows = await db.read(["outbox"], (tx) => tx.objectStore("outbox").index("entity").getAll(id));
  const bodies = rows
    .filter((row) => row.replaced_by === null)
    .map((row) => row.operation.body as Partial<ObservationBody>);
  return bodies.reduce((text, body) => body.text ?? text, "");
}

function Finding({ item }: { item: Item }) {
  const text = useSignal<string | null>(null);
  const before = useSignal("");
  const taking = useSignal(false);
  const stopped = useSignal(false);
  useEffect(() => {
    void textOf(item.id).then((found) => {
      text.value = before.value = found;
    });
  }, [item.id]);
  const stop = stopAt(item.stop);
  const name = categoryOf(item.title_category)?.name ?? t("what.unknown");
  const refused = canBeHandedInAgain(item);
  const put = async () => {
    const words = (text.value ?? "").trim();
    const { inspect } = await guard();
    stopped.value = inspect(words).verdict === "block";
    if (stopped.value) return;
    if (refused) await handInAgain(db, item.id, words === before.value ? {} : { text: words });
    else await correct(db, item.id, { text: words });
    before.value = words;
    say(t("sent.changed"));
    sendNow();
    await reload();
  };
  const changed = text.value !== null && text.value.trim() !== before.value;
  return (
    <Screen
      back="/att-skicka"
      foot={
        refused || changed ? (
          <Key class="main" icon="arrow-up" onClick={() => void put()}>
            {t(refused ? "sent.again" : "sent.change")}
          </Key>
        ) : (
          <Go class="main" to="/att-skicka">
            {t("done.see")}
          </Go>
        )
      }
    >
      <p class="kick">{t("at.clock", { clock: clock(item.at) })}</p>
      <Heading>{stop ? t("finding.at", { name, n: stop.number }) : name}</Heading>
      <ItemState item={item} />
      {item.receipt && (
        <p class="quiet">{t("receipt.read", { number: item.receipt.number, day: dayWords(item.receipt.read_on) })}</p>
      )}
      {item.photos > 0 && <p class="quiet">{t("sent.photos", { n: item.photos, there: item.photos_received })}</p>}
      <section>
        <label class="q" for="sent-text">
          {t("more.text")}
        </label>
        <textarea
          id="sent-text"
          class="input"
          rows={3}
          maxLength={500}
          value={text.value ?? ""}
          aria-describedby="sent-guard"
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <Guard text={text.value ?? ""} id="sent-guard" />
        <Note icon="landmark">{t("sent.version")}</Note>
      </section>
      {stopped.value && (
        <Note icon="hand" tone="t-need">
          {t("danger.textfirst")}
        </Note>
      )}
      {taking.value ? (
        <TakeBack id={item.id} />
      ) : (
        !refused && (
          <Key
            class="link"
            icon="undo-2"
            onClick={() => {
              taking.value = true;
            }}
          >
            {t("sent.takeback")}
          </Key>
        )
      )}
    </Screen>
  );
}

const REASONS = ["mistake", "double", "place"] as const;

/** It stays with the municipality as taken back: arrived is arrived. */
function TakeBack({ id }: { id: Uuid }) {
  const give = async (reason: (typeof REASONS)[number]) => {
    await withdraw(db, id, t(`reason.${reason}`));
    say(t("sent.taken"));
    sendNow();
    await reload();
    back("/att-skicka");
  };
  return (
    <section class="card">
      <h2 class="q">{t("sent.why")}</h2>
      <div class="exact">
        {REASONS.map((reason) => (
          <Key key={reason} class="choice" onClick={() => void give(reason)}>
            {t(`reason.${reason}`)}
          </Key>
        ))}
      </div>
      <p class="quiet">{t("sent.stays")}</p>
    </section>
  );
}
