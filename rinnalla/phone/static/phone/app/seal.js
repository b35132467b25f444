/**
 * Sealing: what the phone has closed, only the server can open.
 *
 * HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The
 * fact's id and the version of the protocol go into `info`, so that a sealed fact
 * cannot be passed off as another.
 *
 * @typedef {import("./store.js").Fact} Fact
 * @typedef {import("./store.js").Sealed} Sealed
 * @typedef {{id: string, public: string}} Key
 */

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "../vendor/hpke.js";

const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm(),
});
const text = new TextEncoder();
/** The key last used, read once. */
const last = { public: "", read: null };

/**
 * The fact as it leaves the phone, unreadable to the phone itself.
 *
 * @param {Fact} fact
 * @param {Key} key of the server
 * @returns {Promise<Sealed>}
 */
export async function seal(fact, key) {
  const { id, seq, v, visit, kind, body, made } = fact;
  const recipientPublicKey = await publicKey(key);
  const info = text.encode(`rinnalla fact ${v} ${id}`);
  const plain = text.encode(JSON.stringify({ visit, kind, body, made }));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, plain);
  return { id, seq, v, key: key.id, sealed: toText(new Uint8Array(enc), new Uint8Array(ct)) };
}

/** Whether only the server can read this one. @param {object} fact */
export function isSealed(fact) {
  return "sealed" in fact;
}

async function publicKey(key) {
  if (last.public !== key.public) {
    last.read = await suite.kem.deserializePublicKey(toBytes(key.public));
    last.public = key.public;
  }
  return last.read;
}

function toBytes(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {...Uint8Array} parts */
function toText(...parts) {
  const letters = parts.flatMap((part) => Array.from(part, (byte) => String.fromCharCode(byte)));
  return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
