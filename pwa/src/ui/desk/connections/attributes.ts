/** "kod: svar" on each line, as a person writes it. A line without a code or an answer says nothing. */
export function attributesIn(text: string): Record<string, string> {
  const rows = text.split("\n").map((line): [string, string] => {
    const [code = "", ...answer] = line.split(":");
    return [code.trim(), answer.join(":").trim()];
  });
  return Object.fromEntries(rows.filter(([code, answer]) => code && answer));
}

export function attributesAsText(attributes: Record<string, string>): string {
  return Object.entries(attributes)
    .map(([code, answer]) => `${code}: ${answer}`)
    .join("\n");
}
