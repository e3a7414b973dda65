import { useState } from "preact/hooks";
import type { Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { me } from "../data/session";
import { ChoosePair } from "./ChoosePair";

/** At the task, for who may release; asked for only when somebody opens it. */
export function PairBox({ task }: { task: Uuid }) {
  const [isOpen, setIsOpen] = useState(false);
  if (me.value?.user.role !== "coordinator") return null;
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary class="btn plain">{t("pair.title")}</summary>
      {isOpen && <ChoosePair task={task} />}
    </details>
  );
}
