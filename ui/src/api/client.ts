// The one place that asks the server. Addresses are relative to <base href>, so a path prefix needs no setting here.

/** An answer that is not what was asked for, in words that can be shown. */
export class ApiError extends Error {
  constructor(
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    message: string,
    readonly code = '',
  ) {
    super(message);
  }
}

export function apiUrl(path: string, parameters?: URLSearchParams): string {
  const url = new URL(path.replace(/^\//, ''), document.baseURI);
  if (parameters) url.search = parameters.toString();
  return url.href;
}

export async function get(path: string, signal: AbortSignal, parameters?: URLSearchParams): Promise<Response> {
  return ask(apiUrl(path, parameters), { signal });
}

async function ask(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  const { signal } = init;
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(0, `The server at ${new URL(document.baseURI).host} does not answer.`);
  }
  if (!response.ok) throw await readError(response);
  return response;
}

export async function getJson<T>(path: string, signal: AbortSignal, parameters?: URLSearchParams): Promise<T> {
  return readJson(await get(path, signal, parameters), signal);
}

/** Has the server do something, without a body: where it is, is all that there is to say. */
export async function postJson<T>(path: string, signal: AbortSignal): Promise<T> {
  return readJson(await ask(apiUrl(path), { method: 'POST', signal }), signal);
}

async function readJson<T>(response: Response, signal: AbortSignal): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(response.status, 'The answer of the server is cut off or is not JSON.');
  }
}

async function readError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    if (error.message) return new ApiError(response.status, error.message, error.code);
  } catch {
    // What stands between the page and the server, a proxy for example, answers in other words.
  }
  const start = text.trim().startsWith('<') ? '' : text.trim().slice(0, 300);
  return new ApiError(
    response.status,
    start || `The server answered ${response.status} ${response.statusText}.`,
  );
}
