import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { town, walk } from "./store";

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
  const duty = town.value?.duty;
  const close = () => {
    open.value = false;
  };
  if (!open.value) return null;
  return (
    <dialog ref={sheet} class="sheet" aria-labelledby="sos" onClose={close}>
      <h2 id="sos">
        {t("danger.question")} {t("danger.ring")}
      </h2>
      <a class="main tall" href="tel:112">
        <Icon drawing={drawing("phone")} />
        {t("danger.call")}
      </a>
      {duty && (
        <>
          <p class="q">{t("danger.else")}</p>
          <a class="side num" href={telephone(duty.phone)}>
            <Icon drawing={drawing("phone")} />
            {duty.phone}
          </a>
          <p class="quiet">{duty.hours}</p>
        </>
      )}
      {walk.value && <p>{t("sos.leader", { leader: walk.value.leader })}</p>}
      <button type="button" class="side" onClick={() => sheet.current?.close()}>
        {t("close")}
      </button>
    </dialog>
  );
}
