import type { TaskCluster } from "../../../domain/wire";
import { t } from "../../parts/words";
import type { Box, Point } from "../parts/projection";
import { Wide } from "../parts/Wide";
import { farWords, fromNearest, type Named } from "./nearest";

/** The clusters of the map as figures, the fullest first: to read, and to go closer by keyboard. */
export function ClusterTable({
  clusters,
  places,
  onCloser,
}: {
  clusters: readonly TaskCluster[];
  places: readonly Named[];
  onCloser: (box: Box) => void;
}) {
  return (
    <details class="clusters">
      <summary>{t("clusters.title", { n: clusters.length })}</summary>
      <Wide label={t("clusters.title", { n: clusters.length })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("clusters.where")}</th>
              <th scope="col">{t("clusters.n")}</th>
              <th scope="col">{t("clusters.late")}</th>
              <th scope="col">{t("clusters.undone")}</th>
              <th scope="col">{t("clusters.urgent")}</th>
            </tr>
          </thead>
          <tbody>
            {clusters.map((it) => {
              const where = whereabouts(it, places);
              return (
                <tr key={`${it.lat}:${it.lon}`}>
                  <th scope="row">
                    <button
                      type="button"
                      class="inline"
                      aria-label={t("clusters.closer_to", { where, n: it.n })}
                      onClick={() => onCloser(it)}
                    >
                      {where}
                    </button>
                  </th>
                  <td class="num">{it.n}</td>
                  <td class="num">{it.late}</td>
                  <td class="num">{it.doubted}</td>
                  <td>{t(`priority.${it.priority}`)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
    </details>
  );
}

const AT_M = 150;

function whereabouts(it: Point, places: readonly Named[]): string {
  const from = fromNearest(it, places);
  if (!from) return t("clusters.somewhere");
  if (from.metres < AT_M) return t("clusters.at", { place: from.name });
  return t("clusters.from", { far: farWords(from.metres), way: t(`way.${from.way}`), place: from.name });
}
