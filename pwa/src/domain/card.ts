import type { Uuid } from "./wire";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 8;
/** What people write for a figure that Crockford's alphabet does not have as a letter. */
const MEANT: Record<string, string> = { O: "0", I: "1", L: "1" };

/**
 * A word for a phone that fits on a slip of paper: the last 40 bits of its device id, "ABCD-EFGH". With it the
 * coordinator finds what a lost phone handed in; it opens nothing by itself.
 */
export function cardCode(device: Uuid): string {
  const bits = BigInt(`0x${device.replaceAll("-", "").slice(-10)}`);
  const figures = Array.from(
    { length: LENGTH },
    (_, i) => CROCKFORD[Number((bits >> BigInt(5 * (LENGTH - 1 - i))) & 31n)],
  );
  return `${figures.slice(0, 4).join("")}-${figures.slice(4).join("")}`;
}

/** The phones whose code begins as typed, however it was written down; all of them while nothing is typed. */
export function phonesWithCode<T extends { id: Uuid }>(phones: readonly T[], typed: string): T[] {
  const wanted = [...typed.toUpperCase().replace(/[^0-9A-Z]/g, "")].map((figure) => MEANT[figure] ?? figure).join("");
  return phones.filter(({ id }) => cardCode(id).replace("-", "").startsWith(wanted));
}
