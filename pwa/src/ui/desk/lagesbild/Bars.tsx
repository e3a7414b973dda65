import type { LagesbildBar } from "../../../domain/wire";

const LONGEST = 290;
const ROW = 44;

/** Bars with the label above and the number beside, the same as their table says; read aloud as one picture. */
export function Bars({ bars, label }: { bars: readonly LagesbildBar[]; label: string }) {
  const most = Math.max(0, ...bars.map((bar) => bar.n ?? 0));
  if (most === 0) return null;
  return (
    <svg class="lage-bars" viewBox={`0 0 360 ${ROW * bars.length}`} role="img" aria-label={label}>
      {bars.map((bar, at) => {
        const wide = (LONGEST * (bar.n ?? 0)) / most;
        return (
          <g key={bar.label} transform={`translate(0 ${ROW * at})`}>
            <text y="14">{bar.label}</text>
            <path d="M0.5 19v18" />
            <rect y="21" width={wide} height="14" rx="2" />
            <text class="lage-said" x={wide + 8} y="33">
              {bar.said}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
