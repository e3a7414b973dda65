import { useSignal } from "@preact/signals";
import { clock, eveningOf, nowInstant } from "../../domain/times";
import type { DateOnly, Instant } from "../../domain/wire";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { eveningsUntil, momentOf, timeField } from "./moment";
import { now } from "./store";
import { eveningWords } from "./words";

/** How far back an entry may be written afterwards. */
const EVENINGS_BACK = 7;

interface Props {
  at: Instant | null;
  onChange: (at: Instant) => void;
  /** A correction stays on its evening: another evening is another pass. */
  evening?: DateOnly;
}

/** "20.40, ändra": now, until somebody says otherwise. */
export function When({ at, onChange, evening: fixed }: Props) {
  const open = useSignal(false);
  const moment = at === null ? now.value : new Date(at);
  const evening = fixed ?? eveningOf(moment);
  const put = (day: DateOnly, time: string) => {
    if (/^\d\d:\d\d$/.test(time)) onChange(nowInstant(momentOf(day, time)));
  };
  const words = clock(moment.toISOString());
  return (
    <>
      <button
        type="button"
        class="link num when"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Icon drawing={drawing("clock")} />
        {t("when.change", { clock: words })}
      </button>
      {open.value && (
        <div class="whenfields">
          {!fixed && (
            <label>
              <span class="q">{t("when.evening")}</span>
              <select
                class="input"
                value={evening}
                onChange={(event) => put(event.currentTarget.value, timeField(moment))}
              >
                {eveningsUntil(now.value, EVENINGS_BACK).map((day) => (
                  <option key={day} value={day}>
                    {eveningWords(day)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <label>
            <span class="q">{t("when.time")}</span>
            <input
              class="input num"
              type="time"
              required
              value={timeField(moment)}
              onChange={(event) => put(evening, event.currentTarget.value)}
            />
          </label>
        </div>
      )}
    </>
  );
}
