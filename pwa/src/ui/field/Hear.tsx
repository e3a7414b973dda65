import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dayOf, dayWords } from "../../domain/times";
import type { MessageState } from "../../domain/wire";
import { state } from "../../storage/states";
import { ask, browserWorld } from "../../sync/ask";
import { t } from "../parts/words";
import { Key, Note } from "./Screen";
import { db, replies, walk, who } from "./store";

/** The one message to everybody who walked, when there is one. */
export function ToAll() {
  const message = useSignal<MessageState | null>(null);
  const id = walk.value?.id;
  useEffect(() => {
    if (!id) return;
    state(db, "message", id).then(
      (found) => {
        message.value = found;
      },
      () => undefined,
    );
  }, [id, replies.value]);
  if (!message.value) return null;
  const { text, by, at } = message.value;
  return (
    <section class="card" aria-labelledby="toall">
      <h2 id="toall">{t("hear.toall")}</h2>
      <p>{text}</p>
      <p class="quiet">{t("hear.by", { by, day: dayWords(dayOf(new Date(at))) })}</p>
    </section>
  );
}

type Told = "asked" | "wrong" | "later" | null;

/** An address, if somebody wants mail. It is sent at once and never kept on the phone. */
export function Hear() {
  const address = useSignal("");
  const told = useSignal<Told>(null);
  const send = async () => {
    const text = address.value.trim();
    if (!text) return;
    const json = { address: text, walk: walk.value?.id };
    const answer = await ask(browserWorld, "/api/subscriptions", {
      method: "POST",
      token: who.value?.token ?? "",
      json,
    });
    if (answer.kind === "ok") address.value = "";
    told.value =
      answer.kind === "ok"
        ? "asked"
        : answer.kind === "refused" && answer.problem.code === "not_an_address"
          ? "wrong"
          : "later";
  };
  if (told.value === "asked") return <Note icon="check">{t("hear.asked")}</Note>;
  return (
    <section aria-labelledby="hear">
      <h2 id="hear">{t("hear.title")}</h2>
      <p class="quiet" id="hear-help">
        {t("hear.help")}
      </p>
      <label class="field-label" for="address">
        {t("hear.address")}
      </label>
      <input
        id="address"
        class="input"
        type="email"
        value={address.value}
        maxLength={254}
        autocomplete="email"
        enterkeyhint="send"
        aria-describedby="hear-help"
        onInput={(event) => {
          address.value = event.currentTarget.value;
          told.value = null;
        }}
      />
      <div role="alert">{told.value && <p class="t-need">{t(`hear.${told.value}`)}</p>}</div>
      <Key class="side" onClick={() => void send()}>
        {t("hear.send")}
      </Key>
    </section>
  );
}
