import type { Problem, TrialLine } from "../../../domain/wire";
import { Trouble } from "../data/api";

/** Runs the draft over history; `onLine` hears every page, and the last line has the result. */
export async function runTrial(book: string, onLine: (line: TrialLine) => void, signal: AbortSignal): Promise<void> {
  let response: Response;
  try {
    response = await fetch(`/api/rules/${book}/dry-run`, { method: "POST", credentials: "same-origin", signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Trouble("offline");
  }
  if (!response.ok) throw new Trouble("refused", (await response.json().catch(() => null)) as Problem | null);
  if (!response.headers.get("content-type")?.startsWith("application/x-ndjson") || !response.body)
    throw new Trouble("offline");
  for await (const line of lines(response.body)) onLine(JSON.parse(line) as TrialLine);
}

/** Whole lines of a stream that comes in pieces of any length. */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const words = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += words.decode(value, { stream: !done });
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    yield* whole.filter(Boolean);
    if (done) break;
  }
  if (rest) yield rest;
}
