import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { town } from "./store";

const open = signal(false);

export function openSos(): void {
  open.value = true;
}

/** A number as a phone dials it. */
export function telephone(number: string): string {
  return `tel:${number.replace(/[^+\d]/g, "")}`;
}

/** 112 from every screen. A link the phone dials itself: never queued, never through us. */
export function Sos() {
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open.value) sheet.current?.showModal();
  }, [open.value]);
  const close = () => {
    open.value = false;
  };
  if (!open.value) return null;
  return (
    <dialog ref={sheet} class="sheet" aria-labelledby="sos" onClose={close}>
      <h2 id="sos">{t("sos.question")}</h2>
      <Ring number="112" class="main tall" words={t("sos.call")} />
      <Numbers />
      <button type="button" class="side" onClick={() => sheet.current?.close()}>
        {t("close")}
      </button>
    </dialog>
  );
}

/** Who to ring when it is not 112. */
export function Numbers() {
  const duty = town.value?.duty;
  return (
    <>
      <p class="q">{t("sos.police")}</p>
      <Ring number="114 14" class="side num" words="114 14" />
      {duty && (
        <>
          <p class="q">{t("sos.duty", { hours: duty.hours })}</p>
          <Ring number={duty.phone} class="side num" words={duty.phone} />
        </>
      )}
    </>
  );
}

function Ring({ number, class: look, words }: { number: string; class: string; words: string }) {
  return (
    <a class={look} href={telephone(number)}>
      <Icon drawing={drawing("phone")} />
      {words}
    </a>
  );
}
