import { useState } from "preact/hooks";
import type { StretchPair, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { AsSeen } from "../pairs/AsSeen";
import { ChoosePair } from "../pairs/ChoosePair";
import { Ready } from "../parts/StateCard";

/** Before and after of every stråk as everybody sees it, and where one is chosen from what is mended there. */
export function StretchPairs({ promise }: { promise: Uuid }) {
  const found = useLoad<{ stretches: StretchPair[] }>(`/api/promises/${promise}/pairs`);
  return (
    <>
      <h3>{t("pair.of_stretches")}</h3>
      <p>{t("pair.of_stretches_lead")}</p>
      <Ready of={found}>
        {(view) => (
          <>
            {view.stretches.map((it) => (
              <One key={it.id} it={it} />
            ))}
          </>
        )}
      </Ready>
    </>
  );
}

function One({ it }: { it: StretchPair }) {
  const [task, setTask] = useState<Uuid>("");
  return (
    <section class="stack" aria-label={it.name}>
      <h4>{it.name}</h4>
      {it.pair && <AsSeen text="" before={it.pair.before} after={it.pair.after} />}
      {!it.pair && it.tasks.length > 0 && <p>{t("pair.none_yet")}</p>}
      {it.tasks.length === 0 ? (
        <p class="quiet">{t("pair.nothing_to_choose")}</p>
      ) : (
        <details>
          <summary class="btn plain">{t("pair.choose_here", { name: it.name })}</summary>
          <fieldset class="field-row">
            <legend class="field-label">{t("pair.which_task")}</legend>
            <div class="radios">
              {it.tasks.map((one) => (
                <label key={one.id} class={`choice${one.id === task ? " on" : ""}`}>
                  <input
                    type="radio"
                    name={`pair-${it.id}`}
                    checked={one.id === task}
                    onChange={() => setTask(one.id)}
                  />
                  {one.number} {one.title}. {one.place}
                </label>
              ))}
            </div>
          </fieldset>
          {task && <ChoosePair key={task} task={task} />}
        </details>
      )}
    </section>
  );
}
