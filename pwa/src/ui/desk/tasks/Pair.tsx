import { icons } from "virtual:icons?image-off";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { plainDate, shortMoment } from "../time/stockholm";
import { afters, befores, type Shot } from "./photos";
import type { WholeTask } from "./TaskPage";

/** Before and after side by side; where there are more, each can be looked at large. */
export function Pair({ task }: { task: WholeTask }) {
  const isOnWay = task.photos.some(
    (photo) => photo.of.kind === "task" && photo.state !== "accepted" && photo.state !== "refused",
  );
  return (
    <div class="pair">
      <Side
        shots={befores(task)}
        name={t("task.before")}
        alt={t("task.before_alt", { place: task.place })}
        none={t("task.no_before")}
        said={saidOf}
      />
      <Side
        shots={afters(task)}
        name={t("task.after")}
        alt={t("task.after_alt", { place: task.place })}
        none={isOnWay ? t("task.after_on_way") : t("task.no_after")}
        said={() => (task.done_on ? plainDate(task.done_on) : "")}
      />
    </div>
  );
}

function saidOf({ at, dark, number }: Shot): string {
  const when = at ? shortMoment(at) : "";
  const light = dark === null ? "" : t(dark ? "task.was_dark" : "task.was_light");
  return [number, when, light].filter(Boolean).join(", ");
}

interface SideProps {
  shots: Shot[];
  name: string;
  alt: string;
  none: string;
  said: (shot: Shot) => string;
}

function Side({ shots, name, alt, none, said }: SideProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = shots.find(({ id }) => id === chosen) ?? shots[0];
  if (!shown)
    return (
      <figure>
        <p class="nophoto">
          <Icon drawing={icons["image-off"] ?? ""} size={32} />
          {none}
        </p>
        <figcaption>
          <b>{name}</b>
        </figcaption>
      </figure>
    );
  return (
    <figure>
      <img src={`/photos/${shown.id}?size=full`} alt={alt} />
      <figcaption>
        <b>{name}</b> {said(shown)}
      </figcaption>
      {shots.length > 1 && (
        <ul class="shots" aria-label={t("task.all_photos", { n: shots.length })}>
          {shots.map((shot, n) => (
            <li key={shot.id}>
              <button type="button" class="shot" aria-pressed={shot.id === shown.id} onClick={() => setChosen(shot.id)}>
                <img
                  src={`/photos/${shot.id}?size=320`}
                  alt={t("task.photo_n", { n: n + 1, of: shots.length })}
                  loading="lazy"
                />
              </button>
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}
