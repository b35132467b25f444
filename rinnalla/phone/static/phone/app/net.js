/**
 * The way to the server: JSON with the phone's own credential, no cookies, a time limit.
 *
 * @typedef {{device: string, token: string}} Credential
 * @typedef {{status: number, body: any, etag: string}} Answer
 */

const LONGEST = 20_000;

/** @type {Credential|null} */
let ours = null;

/** From now on speak as this phone; null for a guest, whose address is the key. */
export function setCredential(/** @type {Credential|null} */ credential) {
  ours = credential;
}

/** @param {string} path @param {unknown} body @returns {Promise<Answer>} */
export function post(path, body) {
  return connect(ours).post(path, body);
}

/** @param {string} path @param {string} [etag] @returns {Promise<Answer>} */
export function get(path, etag) {
  return connect(ours).get(path, etag);
}

/** Ask as this phone, and let the browser keep the pass that the answer brings.
 * @param {string} path @param {unknown} body @returns {Promise<Answer>} */
export function enter(path, body) {
  return connect(ours, "same-origin").post(path, body);
}

/**
 * The same for one credential. Raises TypeError or a TimeoutError without a network.
 *
 * @param {Credential|null} credential
 * @param {RequestCredentials} [cookies]
 */
export function connect(credential, cookies = "omit") {
  /** @type {Record<string, string>} */
  const who = credential ? { Authorization: `Device ${credential.device}.${credential.token}` } : {};
  return {
    /** @param {string} path @param {unknown} body @returns {Promise<Answer>} */
    post: (path, body) => ask(path, {
      method: "POST",
      headers: { ...who, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: cookies,
    }),
    /** @param {string} path @param {string} [etag] @returns {Promise<Answer>} */
    get: (path, etag) => ask(path, { headers: etag ? { ...who, "If-None-Match": etag } : who, credentials: cookies }),
  };
}

/** @param {string} path @param {{method?: string, headers: object, body?: string, credentials: RequestCredentials}} request */
async function ask(path, request) {
  const response = await fetch(path, {
    ...request,
    headers: {
      ...request.headers,
      Accept: "application/json",
      "Accept-Language": document.documentElement.lang || "fi",
    },
    redirect: "error",
    cache: "no-store",
    signal: AbortSignal.timeout(LONGEST),
  });
  return {
    status: response.status,
    body: await read(response),
    etag: response.headers.get("ETag") ?? "",
  };
}

/** The JSON of an answer; null where somebody else answered, as a café's sign-in page. */
async function read(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
