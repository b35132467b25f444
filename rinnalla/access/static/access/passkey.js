// Passkeys: a form with data-passkey asks the device and sends what it answers.
//   login: options are fetched from the form's address; use, make: they are in the page.

/** @param {string} text base64url @returns {ArrayBuffer} */
function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer} bytes @returns {string} base64url */
function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** @param {any[]} [list] */
function withBytes(list) {
  return (list || []).map((item) => ({ ...item, id: toBytes(item.id) }));
}

/** @param {PublicKeyCredential} credential @param {string[]} names */
function asJson(credential, names) {
  /** @type {Record<string, any>} */
  const response = {};
  for (const name of names) {
    const value = /** @type {any} */ (credential.response)[name];
    if (value) response[name] = toText(value);
  }
  const { id, type } = credential;
  const clientExtensionResults = credential.getClientExtensionResults();
  return { id, type, rawId: toText(credential.rawId), response, clientExtensionResults };
}

/** @param {any} options what the server sent @returns {Promise<any>} */
async function use(options) {
  const asked = options.request_options.publicKey;
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    allowCredentials: withBytes(asked.allowCredentials),
  };
  const found = await navigator.credentials.get({ publicKey });
  const names = ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
  return asJson(/** @type {PublicKeyCredential} */ (found), names);
}

/** @param {any} options what the server sent @returns {Promise<any>} */
async function make(options) {
  const asked = options.creation_options.publicKey;
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    user: { ...asked.user, id: toBytes(asked.user.id) },
    excludeCredentials: withBytes(asked.excludeCredentials),
    // A key the device finds by itself, opened by finger, face or PIN.
    authenticatorSelection: {
      ...asked.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
  const made = await navigator.credentials.create({ publicKey });
  const names = ["clientDataJSON", "attestationObject"];
  return asJson(/** @type {PublicKeyCredential} */ (made), names);
}

/** @param {HTMLFormElement} form */
async function optionsOf(form) {
  if (form.dataset.passkey !== "login") {
    const script = document.getElementById("passkey-options");
    return JSON.parse(script?.textContent || "{}");
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return answer.json();
}

/** @param {HTMLFormElement} form */
function prepare(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  if (!window.PublicKeyCredential) {
    status.textContent = form.dataset.missing || "";
    return;
  }
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    status.textContent = "";
    try {
      const ask = form.dataset.passkey === "make" ? make : use;
      const credential = await ask(await optionsOf(form));
      const field = form.elements.namedItem("credential");
      /** @type {HTMLInputElement} */ (field).value = JSON.stringify(credential);
      form.submit();
    } catch {
      status.textContent = form.dataset.waits || "";
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  prepare(/** @type {HTMLFormElement} */ (form));
}
