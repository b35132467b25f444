/**
 * Keeps people out of free text, before it is written down: the twin of
 * rinnalla/lib/text_guard.py. Both find the same in the same text; a test compares them.
 *
 * What differs is only how: old phones know no look-behind, so where a number may begin
 * is asked in `mayBegin` functions.
 *
 * @typedef {"identity_code"|"phone"|"email"} Refusal
 * @typedef {"name"|"street_address"|"identity_like"} Warning
 */

import { FAMILY_NAMES, GIVEN_NAMES, NAMES_THAT_ARE_WORDS } from "./names.js";

/** What must not be stored. @param {string} text @returns {Refusal[]} */
export function refusals(text) {
  const plain = fold(text);
  /** @type {[Refusal, boolean][]} */
  const found = [
    ["identity_code", hasIdentityCode(plain)],
    ["phone", hasPhone(plain)],
    ["email", EMAIL.test(dotted(plain))],
  ];
  return found.filter(([, there]) => there).map(([kind]) => kind);
}

/** What to look at once more. @param {string} text @returns {Warning[]} */
export function warnings(text) {
  const seen = text.normalize("NFC");
  /** @type {[Warning, boolean][]} */
  const found = [
    ["name", hasName(seen)],
    ["street_address", hasStreetAddress(seen)],
    ["identity_like", looksLikeIdentity(fold(text))],
  ];
  return found.filter(([, there]) => there).map(([kind]) => kind);
}

/** The text in NFC; halves of a broken character replaced. @param {string} text */
export function tidy(text) {
  return text.replace(/\p{Cs}/gu, "\ufffd").normalize("NFC");
}

// --- Folding: what looks the same to a reader is made the same ----------------

/** Plain form to search in: ASCII digits and dashes, no marks, nothing unseen.
 * @param {string} text */
function fold(text) {
  return Array.from(text.normalize("NFKD"), plainOf).join("");
}

/** @param {string} char */
function plainOf(char) {
  if (char <= "\x7f") return /[ -\x7f\t-\r]/.test(char) ? char : "";
  if (/\p{Nd}/u.test(char)) return digitOf(char);
  if (/[\p{Pd}\u2212]/u.test(char)) return "-";
  if (/\p{Z}/u.test(char)) return " ";
  return /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Cs}]/u.test(char) ? "" : char;
}

/** Digits of every script stand in rows of ten that begin with zero.
 * @param {string} char */
function digitOf(char) {
  const code = char.codePointAt(0);
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** Letters i with and without a dot, which a search without case takes as one.
 * @param {string} text */
function dotted(text) {
  return text.replace(/[\u0130\u0131]/g, "i");
}

/**
 * Each match that begins where it may, one after another.
 * @param {RegExp} pattern a sticky one
 * @param {string} text
 * @param {(text: string, at: number) => boolean} mayBegin
 */
function* matches(pattern, text, mayBegin) {
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at;
    const found = mayBegin(text, at) ? pattern.exec(text) : null;
    if (found) yield found;
    at += found ? found[0].length : 1;
  }
}

/** @param {string} text @param {number} at */
const isAfterNoDigit = (text, at) => !/\d/.test(text.charAt(at - 1));
/** Nor in the decimals of a number. @param {string} text @param {number} at */
const isAfterNoNumber = (text, at) =>
  isAfterNoDigit(text, at) && !/\d[.,]/.test(text.slice(Math.max(0, at - 2), at));
/** @param {string} text @param {number} at */
const isAfterNoLetter = (text, at) => !/[0-9A-Za-z]/.test(text.charAt(at - 1));

// --- Identity codes ----------------------------------------------------------

const IDENTITY = /(?:\d\s{0,3}){6}[-+A-FU-Y]\s{0,3}(?:\d\s{0,3}){3}[0-9A-Z]/iy;
const IDENTITY_SHAPE = new RegExp(
  String.raw`(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d` +
    String.raw`[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![0-9A-Z])`,
  "iy",
);
const CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY";

/** @param {string} plain */
function hasIdentityCode(plain) {
  // Looked for from every place: a code may stand right after other digits.
  for (let at = 0; at < plain.length; at += 1) {
    IDENTITY.lastIndex = at;
    const found = IDENTITY.exec(plain);
    if (found && isRightCode(found[0].replace(/\s/g, "").toUpperCase())) return true;
  }
  return false;
}

/** Whether date, number and check character fit together. @param {string} code */
function isRightCode(code) {
  const number = code.slice(0, 6) + code.slice(7, 10);
  const isRight = code[10] === CHECK[Number(number) % 31];
  return isRight && Number(code.slice(7, 10)) >= 2 && isDate(code);
}

/** @param {string} code */
function isDate(code) {
  const [day, month, short] = [0, 2, 4].map((at) => Number(code.slice(at, at + 2)));
  const century = code[6] === "+" ? 1800 : "-YXWVU".includes(code[6]) ? 1900 : 2000;
  const date = new Date(Date.UTC(century + short, month - 1, day));
  return month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** @param {string} plain */
function looksLikeIdentity(plain) {
  return !matches(IDENTITY_SHAPE, plain, isAfterNoLetter).next().done;
}

// --- Phone numbers -----------------------------------------------------------

const HOUR = String.raw`(?:[01]?\d|2[0-4])`;
const DAY_MONTH = String.raw`(?:0?[1-9]|[12]\d|3[01])[./-]\s?(?:0?[1-9]|1[0-2])`;
const NOT_A_PHONE = new RegExp(
  "(?:" +
    [
      String.raw`(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d`, // 2026-03-12
      // 12.3.2026, 12.03.26
      String.raw`${DAY_MONTH}[./-]\s?(?:(?:19|20)\d\d|\d\d(?!\s?\d))`,
      String.raw`${DAY_MONTH}\.`, // 12.3.
      String.raw`${HOUR}[.:][0-5]\d`, // 10.30
      // 09-12 13-15
      String.raw`${HOUR}\s?-\s?${HOUR}(?:\s+${HOUR}-${HOUR})*(?!\s?\d)`,
      String.raw`\d{7}-\d`, // a business identity code
    ].join("|") +
    String.raw`)(?!\d)`,
  "y",
);
const TAIL = String.raw`(?:[\s\-()./]{0,3}\d)`;
/** @type {[RegExp, (text: string, at: number) => boolean][]} */
const PHONES = [
  [new RegExp(String.raw`\+\s?\(?[1-9]${TAIL}{6,14}(?!\d)`, "y"), () => true],
  [new RegExp(String.raw`00\s?[1-9]${TAIL}{7,13}(?!\d)`, "y"), isAfterNoNumber],
  [new RegExp(String.raw`\(?0[1-9]${TAIL}{5,10}(?!\d)`, "y"), isAfterNoNumber],
  [new RegExp(String.raw`358\s?-?[1-9]${TAIL}{6,9}(?!\d)`, "y"), isAfterNoDigit],
];
// Searched in folded text, so without a letter's dots; the end of a word is asked by
// hand, as \b knows ASCII only.
const END = String.raw`(?![\p{L}\p{N}_])`;
const COUNTED = new RegExp(
  String.raw`\s{0,2}(?:€|%|eur|kpl|st${END}|kr${END}|henk|hlö|hl${END}|pers)`,
  "iuy",
);

/** @param {string} plain */
function hasPhone(plain) {
  const rest = withoutDates(plain);
  return PHONES.some(([pattern, mayBegin]) => {
    for (const found of matches(pattern, rest, mayBegin)) {
      COUNTED.lastIndex = found.index + found[0].length;
      if (!COUNTED.test(rest)) return true;
    }
    return false;
  });
}

/** Dates, times and the like are taken out before phones are looked for.
 * @param {string} plain */
function withoutDates(plain) {
  let rest = "";
  let end = 0;
  for (const found of matches(NOT_A_PHONE, plain, isAfterNoDigit)) {
    rest += `${plain.slice(end, found.index)}|`;
    end = found.index + found[0].length;
  }
  return rest + plain.slice(end);
}

// --- Email -------------------------------------------------------------------

const W = String.raw`[\p{L}\p{N}_]`;
const HOST = String.raw`[\p{L}\p{N}_\-]{1,63}`;
const DOT =
  String.raw`(?:\s?\.\s?|\s?[(\[]\s?(?:dot|piste|punkt)\s?[)\]]\s?` +
  String.raw`|\s(?:dot|piste|punkt)\s)`;
const EMAIL = new RegExp(
  [
    String.raw`[\p{L}\p{N}_.+\-]\s?@\s?${HOST}${DOT}[a-z]`,
    String.raw`${W}\s?[(\[{]\s?(?:at|a|@|miu|snabel-?a)\s?[)\]}]\s?${HOST}${DOT}[a-z]`,
    String.raw`${W}\.${W}{1,40}\s(?:at|miu)\s${HOST}${DOT}[a-z]`,
    String.raw`${W}\s(?:at|miu)\s${HOST}\s(?:dot|piste|punkt)\s[a-z]`,
  ].join("|"),
  "iu",
);

// --- Names and addresses, only warned about ----------------------------------

const LETTER = String.raw`[\p{L}\p{Nl}\p{No}]`;
const SPACE =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const CASE = /(?:n|lla|llä|lle|lta|ltä|ssa|ssä|sta|stä)$/;
const WORD = new RegExp(`${LETTER}+(?:-${LETTER}+)?`, "gu");
const NUMBERED = new RegExp(
  String.raw`(${LETTER}{4,60})${SPACE}{1,3}\p{Nd}{1,4}${END}`,
  "gu",
);
const ROADS = `katu|kadu|tie|polku|polu|kuja|kaari|kaare|raitti|raiti|väylä|tori
|aukio|rinne|rintee|bulevardi|puistikko|puistiko|penger|penkere|esplanadi
|gata|gatan|väg|vägen|gränd|gränden|stig|stigen|torg|torget|båge|bågen
|allé|allén|stråk|stråket`.replace(/\n/g, "");
const ROAD = new RegExp(
  `^${LETTER}{2,}(?:${ROADS})(?:n|s|ssa|ssä|lla|llä|lle|lta|ltä|t)?$`,
  "iu",
);
const HIGHWAY = /^(?:(?:valta|kanta|seutu|yhdys|moottori)tie|riksväg)/iu;

/** @param {string} text */
function hasStreetAddress(text) {
  const words = Array.from(text.matchAll(NUMBERED), (found) => dotted(found[1]));
  return words.some((word) => ROAD.test(word) && !HIGHWAY.test(word));
}

/** Whether a given name, or a given and a family name side by side, is there.
 * @param {string} text */
function hasName(text) {
  const words = text.match(WORD) ?? [];
  const isPair = (word, at) => at > 0 && isFullName(words[at - 1], word);
  return words.some((word, at) => isGiven(word) || isPair(word, at));
}

/** A listed given name with its capital, also declined (Annan, Villelle).
 * @param {string} word */
function isGiven(word) {
  if (!/^\p{Uppercase}/u.test(word)) return false;
  const small = firstPart(word);
  return GIVEN_NAMES.has(small) || GIVEN_NAMES.has(small.replace(CASE, ""));
}

/** A given name in any letter case and a family name, in either order.
 * @param {string} first @param {string} second */
function isFullName(first, second) {
  return (
    (mayBeGiven(first) && isFamily(second)) || (isFamily(first) && mayBeGiven(second))
  );
}

/** @param {string} word */
function mayBeGiven(word) {
  const small = firstPart(word);
  return GIVEN_NAMES.has(small) || NAMES_THAT_ARE_WORDS.has(small);
}

/** @param {string} word */
function firstPart(word) {
  return word.split("-")[0].toLowerCase();
}

/** A listed family name, also declined (Virtasen, Virtaselle). @param {string} word */
function isFamily(word) {
  const small = word.toLowerCase();
  const base = small.replace(/s(?:en|elle|elta|ella|ta|essa|een|ia)$/, "nen");
  return FAMILY_NAMES.has(small) || FAMILY_NAMES.has(base);
}
