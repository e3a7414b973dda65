const LENGTH = 8;
/** What people write for a figure that Crockford's alphabet does not have as a letter. */
const MEANT: Record<string, string> = { O: "0", I: "1", L: "1" };

/** The typed code as the server knows it: eight of Crockford's characters, whatever was typed between and around them. */
export function tidyCode(typed: string): string {
  const figures = typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
  return [...figures].map((figure) => MEANT[figure] ?? figure).join("");
}

/** The code when it is whole, else null. U is no character of Crockford's, so it is a slip. */
export function wholeCode(typed: string): string | null {
  const code = tidyCode(typed);
  return code.length === LENGTH && !code.includes("U") ? code : null;
}

/** The secret in a link's fragment, which never travels to a server by itself. */
export function secretIn(hash: string): string | null {
  return /^#g=([A-Za-z0-9_-]{16,64})$/.exec(hash)?.[1] ?? null;
}
