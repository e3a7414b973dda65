import { icons } from "virtual:icons?camera-off";
import type { Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";

interface CandidateProps {
  name: string;
  said: string;
  /** From what it is compared with; null when one of them has no place. */
  metres: number | null;
  photo: Uuid | null;
  busy: boolean;
  /** Of one that is chosen here and sent by another press. */
  pressed?: boolean;
  onChoose: () => void;
}

/** Something that could be the same: seen, named, and how far away. */
export function Candidate({ name, said, metres, photo, busy, pressed, onChoose }: CandidateProps) {
  return (
    <li>
      <button
        type="button"
        class="side candidate"
        disabled={busy}
        {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
        onClick={onChoose}
      >
        {photo ? (
          <img class="thumb" src={`/photos/${photo}?size=320`} alt={t("candidate.photo", { name })} loading="lazy" />
        ) : (
          <span class="thumb none">
            <Icon drawing={icons["camera-off"] ?? ""} />
          </span>
        )}
        <span>
          <b>{name}</b>
          <span class="quiet block">
            {said} {metres !== null && t("decide.near", { m: Math.round(metres) })}
          </span>
        </span>
      </button>
    </li>
  );
}
