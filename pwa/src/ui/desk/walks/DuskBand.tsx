import { clock } from "../../../domain/times";
import type { Dusk } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Ready } from "../parts/StateCard";
import { type Band, duskBand } from "../time/dusk";
import { addDays, dateIn, plainDate } from "../time/stockholm";

interface DuskProps {
  starts: string;
  ends: string;
  at: { lat: number; lon: number };
}

/** How dark it is on the walk: a sentence, a band, and the same figures in words. */
export function DuskBand({ starts, ends, at }: DuskProps) {
  const date = dateIn(starts);
  const where = `lat=${at.lat.toFixed(3)}&lon=${at.lon.toFixed(3)}`;
  const sun = useLoad<Dusk>(`/api/dusk?date=${date}&${where}`);
  const after = useLoad<Dusk>(`/api/dusk?date=${addDays(date, 1)}&${where}`);
  return (
    <section class="dusk" aria-labelledby="dusk-title">
      <Ready of={sun}>
        {(today) => {
          const band = duskBand(starts, ends, today, after.data?.civil_dawn ?? null, (ms) =>
            clock(new Date(ms).toISOString()).slice(0, 2),
          );
          return <Drawn band={band} sun={today} starts={starts} ends={ends} />;
        }}
      </Ready>
    </section>
  );
}

function Drawn({ band, sun, starts, ends }: { band: Band; sun: Dusk; starts: string; ends: string }) {
  return (
    <>
      <div class="spread">
        <h2 id="dusk-title">{t(`dusk.${band.darkness}`)}</h2>
        <p class="quiet">{t("dusk.sun_on", { date: plainDate(sun.date) })}</p>
      </div>
      <div class="band" aria-hidden="true">
        {band.sunset !== null && (
          <span class="mark before" style={{ left: `${band.sunset * 100}%` }}>
            <b>{t("dusk.sunset_mark", { time: clock(sun.sunset ?? "") })}</b>
          </span>
        )}
        {band.dusk !== null && (
          <span class="mark" style={{ left: `${band.dusk * 100}%` }}>
            <b>{t("dusk.dusk_mark", { time: clock(sun.civil_dusk ?? "") })}</b>
          </span>
        )}
        <Sky band={band} />
        <span
          class="we-walk"
          style={{ left: `${band.walk.from * 100}%`, width: `${(band.walk.to - band.walk.from) * 100}%` }}
        >
          {t("dusk.you_walk")}
        </span>
        <span class="hours">
          {band.hours.map((hour) => (
            <i key={hour.at} style={{ left: `${hour.at * 100}%` }}>
              {hour.hour}
            </i>
          ))}
        </span>
      </div>
      <p>{wordsFor(band, sun, starts, ends)}</p>
    </>
  );
}

function wordsFor(band: Band, sun: Dusk, starts: string, ends: string): string {
  const sentences = [
    sun.sunset ? t("dusk.sunset", { time: clock(sun.sunset) }) : t("dusk.no_sunset"),
    sun.civil_dusk ? t("dusk.ends", { time: clock(sun.civil_dusk) }) : t("dusk.none"),
    t("dusk.walk", { from: clock(starts), to: clock(ends) }),
  ];
  if (band.darkness === "partly") sentences.push(t("dusk.minutes", { dark: band.darkMinutes, all: band.minutes }));
  return sentences.join(" ");
}

/** Light to night from left to right. The colours are a picture: the words carry the fact. */
function Sky({ band }: { band: Band }) {
  const sunset = band.sunset ?? (band.dusk === null ? 1.2 : 0);
  const dusk = band.dusk ?? (band.darkness === "whole" ? 0 : 1.4);
  const night = dusk + (1 - dusk) * 0.2 + 0.1;
  const stops: [number, string][] = [
    [sunset - 0.2, "#DCE8EA"],
    [sunset - 0.05, "#EADDBE"],
    [sunset, "#DDAE78"],
    [dusk, "#76708C"],
    [(dusk + night) / 2, "#2A3A57"],
    [night, "#0B121D"],
    ...(band.dawn === null
      ? []
      : ([
          [band.dawn - 0.05, "#0B121D"],
          [band.dawn, "#76708C"],
          [band.dawn + 0.15, "#DCE8EA"],
        ] as [number, string][])),
  ];
  return (
    <svg aria-hidden="true" width="100%" height="56" preserveAspectRatio="none">
      <defs>
        <linearGradient id="sky" x1="0" x2="1">
          {stops.map(([at, colour]) => (
            <stop key={`${at}`} offset={Math.min(1, Math.max(0, at))} stop-color={colour} />
          ))}
        </linearGradient>
      </defs>
      <rect width="100%" height="56" rx="6" fill="url(#sky)" />
    </svg>
  );
}
