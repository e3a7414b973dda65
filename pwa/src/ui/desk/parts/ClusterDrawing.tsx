import type { Cluster } from "./MapDrawing";
import type { Projection } from "./projection";

const short = new Intl.NumberFormat("sv", { notation: "compact", maximumFractionDigits: 1 });

/** Counted by the server: how many, larger for more, and a sign when something among them is late. */
export function ClusterDrawing({
  cluster,
  at,
  onCluster,
}: {
  cluster: Cluster;
  at: Projection;
  onCluster: () => void;
}) {
  const [x, y] = [at.x(cluster.lon), at.y(cluster.lat)];
  const r = 18 + 5 * Math.min(4, Math.log10(cluster.n));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; the table has the same as buttons
    <g class="m-group" onClick={onCluster}>
      <circle cx={x} cy={y} r={r} />
      <text x={x} y={y + 6} text-anchor="middle">
        {short.format(cluster.n)}
      </text>
      {cluster.late && (
        <g class="m-late">
          <circle cx={x + r * 0.75} cy={y - r * 0.75} r={11} />
          <text x={x + r * 0.75} y={y - r * 0.75 + 6} text-anchor="middle">
            !
          </text>
        </g>
      )}
    </g>
  );
}
