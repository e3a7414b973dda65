import type { LagesbildBar, LagesbildCount, LagesbildHeading, LagesbildPicture } from "../../../domain/wire";

/** The headings that we have numbers of our own for. */
export type Counted = Extract<LagesbildHeading, "otrygghet" | "ordningsstorning">;

export function countOf(row: LagesbildPicture["by_place"][number], heading: Counted): LagesbildCount {
  return heading === "otrygghet" ? row.unsafe : row.order;
}

/** "1,5": how many were seen on an evening out; nothing to divide by is told as –. */
export function perEvening(seen: number, evenings: number): string {
  return evenings === 0 ? "–" : (seen / evenings).toFixed(1).replace(".", ",");
}

/** One bar for each place that something was noticed at, the most first. */
export function barsOf(picture: LagesbildPicture, heading: Counted): LagesbildBar[] {
  return picture.by_place
    .filter((row) => row.place !== "" && countOf(row, heading).n)
    .map((row) => {
      const { n } = countOf(row, heading);
      return { label: row.place, n, said: String(n) };
    })
    .sort((a, b) => (b.n ?? 0) - (a.n ?? 0));
}
