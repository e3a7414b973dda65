import type { HttpRequest, HttpResponse, HttpStack } from "tus-js-client";

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** tus-js-client's requests over fetch, because Node has no XMLHttpRequest. All else of tus is its own code. */
export function overFetch(fetch: Fetch): HttpStack {
  return {
    getName: () => "fetch",
    createRequest: (method: string, url: string): HttpRequest => {
      const headers: Record<string, string> = {};
      const control = new AbortController();
      return {
        getMethod: () => method,
        getURL: () => url,
        setHeader: (name, value) => Object.assign(headers, { [name]: value }),
        getHeader: (name) => headers[name],
        setProgressHandler: () => undefined,
        abort: async () => control.abort(),
        getUnderlyingObject: () => null,
        send: (body: Uint8Array<ArrayBuffer> | null) =>
          send(fetch, url, { method, headers, body: body ?? null, signal: control.signal }),
      };
    },
  };
}

async function send(fetch: Fetch, url: string, init: RequestInit): Promise<HttpResponse> {
  // A login page elsewhere is no answer of ours: a browser stops at another origin, too.
  const response = await fetch(url, { ...init, redirect: "error" });
  const text = await response.text();
  return {
    getStatus: () => response.status,
    getHeader: (name) => response.headers.get(name) ?? undefined,
    getBody: () => text,
    getUnderlyingObject: () => null,
  };
}
