import type { Problem } from "../domain/wire";
import { dropAnswer, type KeptAnswer, keepAnswer, keptAnswers } from "../storage/surveys";

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;
/** What is left on the tablet: nothing, something that waits for a network, or something the server has refused. */
export type Left = "nothing" | "waits" | "refused";

let running: Promise<Left> | null = null;

/** Sends what is kept, one at a time and once each: an answer that was lost on the way is sent again by the same id. */
export function sendAnswers(send: Fetch = (input, init) => fetch(input, init)): Promise<Left> {
  running ??= sendAll(send).finally(() => {
    running = null;
  });
  return running;
}

async function sendAll(send: Fetch): Promise<Left> {
  for (const kept of await keptAnswers()) {
    if (!kept.refused && !(await sent(kept, send))) break;
  }
  return left();
}

export async function left(): Promise<Left> {
  const kept = await keptAnswers();
  if (kept.some((it) => !it.refused)) return "waits";
  return kept.length > 0 ? "refused" : "nothing";
}

/** False: there is no use in trying the next one now. */
async function sent(kept: KeptAnswer, send: Fetch): Promise<boolean> {
  try {
    const answer = await send(`/enkat/${kept.at}/svar`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(kept.answer),
      signal: AbortSignal.timeout(20_000),
    });
    if (answer.ok && (await isOurs(answer))) await dropAnswer(kept.id);
    else if (answer.status < 400 || answer.status >= 500 || [408, 429].includes(answer.status)) return false;
    else await keepAnswer({ ...kept, refused: await codeOf(answer) });
    return true;
  } catch {
    return false;
  }
}

/** A hotel's sign-in page has status 200, and knows nothing of the answer. */
async function isOurs(answer: Response): Promise<boolean> {
  if (!answer.headers.get("content-type")?.startsWith("application/json")) throw new Error("not ours");
  await answer.json();
  return true;
}

async function codeOf(answer: Response): Promise<string> {
  const problem = (await answer.json()) as Problem;
  return problem.code;
}
