import { useEffect, useRef } from "preact/hooks";
import type { MunicipalityState, OperationType, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Ready } from "../parts/StateCard";
import { ArrowForms } from "./ArrowForms";
import type { WholeTask } from "./TaskPage";

export interface Asked {
  id: Uuid;
  /** Only these steps; one alone opens its form at once. */
  among?: OperationType[];
}

/** The task's own forms over the list: the required facts are asked here as everywhere. Closing gives the focus back. */
export function StepDialog({
  asked,
  municipality,
  onClose,
}: {
  asked: Asked;
  municipality: MunicipalityState | null;
  onClose: () => void;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const task = useLoad<WholeTask>(`/api/tasks/${asked.id}`);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  const close = () => {
    onClose();
    // After the row is drawn anew, so that the keyboard goes on from where it was.
    requestAnimationFrame(() => document.getElementById(`task-${asked.id}`)?.focus());
  };
  return (
    <dialog ref={box} class="step" aria-labelledby="step-title" onClose={close}>
      <Ready of={task}>
        {(found) => (
          <div class="stack">
            <h2 id="step-title">{found.title}</h2>
            <p class="quiet">
              {found.number}. {found.place}.
            </p>
            <ArrowForms
              task={found}
              departments={municipality?.departments ?? []}
              {...(asked.among ? { among: asked.among } : {})}
              onDone={() => box.current?.close()}
            />
          </div>
        )}
      </Ready>
      <form method="dialog">
        <p class="acts">
          <button type="submit" class="btn">
            {t("act.close")} <kbd>Esc</kbd>
          </button>
        </p>
      </form>
    </dialog>
  );
}
