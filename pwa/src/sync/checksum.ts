import { sha256 } from "../domain/ids";
import type { StateRow } from "../storage/rows";

type Shown = Pick<StateRow, "kind" | "id" | "version">;

/**
 * What the server compares with what it would have shown: SHA-256 of "kind id version", a line each, sorted. One row
 * missing, one too many or one too old makes it another.
 */
export function checksum(rows: Shown[]): Promise<string> {
  const lines = rows.map(({ kind, id, version }) => `${kind} ${id} ${version}`).sort();
  return sha256(new TextEncoder().encode(lines.join("\n")).buffer as ArrayBuffer);
}
