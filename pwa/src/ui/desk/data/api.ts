import type { Problem } from "../../../domain/wire";

/** Why an answer did not come, in the words the screens choose their text by. */
export type TroubleKind = "offline" | "signed_out" | "denied" | "missing" | "busy" | "refused" | "fault";

export class Trouble extends Error {
  constructor(
    readonly kind: TroubleKind,
    readonly problem: Problem | null = null,
  ) {
    super(problem?.code ?? kind);
  }
}

const KINDS: Record<number, TroubleKind> = {
  401: "signed_out",
  403: "denied",
  404: "missing",
  410: "missing",
  429: "busy",
};

function kindOf(status: number): TroubleKind {
  return KINDS[status] ?? (status >= 500 ? "fault" : "refused");
}

/** A captive portal answers 200 with a page of its own: only JSON of ours counts as an answer. */
function isOurs(response: Response): boolean {
  return /^application\/(problem\+)?json/.test(response.headers.get("content-type") ?? "");
}

async function answered(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: "same-origin",
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Trouble("offline");
  }
}

export async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await answered(method, path, body, signal);
  if (response.status === 204) return undefined as T;
  if (!isOurs(response)) throw new Trouble(response.ok ? "offline" : kindOf(response.status));
  const found: unknown = await response.json().catch(() => {
    throw new Trouble("offline");
  });
  if (!response.ok) throw new Trouble(kindOf(response.status), found as Problem);
  return found as T;
}

/** Anything thrown, as a trouble a screen can speak of. */
export function asTrouble(error: unknown): Trouble {
  return error instanceof Trouble ? error : new Trouble("fault");
}
