/**
 * Numbers as ranges, [[first, last], …], as phone and server tell each other.
 *
 * @typedef {number[][]} Ranges
 */

/** Sorted, with neighbours and overlaps made one. @param {Ranges} ranges @returns {Ranges} */
export function merged(ranges) {
  /** @type {Ranges} */
  const whole = [];
  for (const [first, last] of [...ranges].sort((one, other) => one[0] - other[0])) {
    const before = whole.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else whole.push([first, last]);
  }
  return whole;
}

/**
 * What of a range is not among these sorted numbers.
 *
 * @param {number[]} range
 * @param {number[]} there
 * @returns {Ranges}
 */
export function gone([first, last], there) {
  const holes = [];
  let next = first;
  for (const number of there) {
    if (number > next) holes.push([next, number - 1]);
    next = number + 1;
  }
  if (next <= last) holes.push([next, last]);
  return holes;
}

/**
 * Whether one of the ranges holds the whole of this one.
 *
 * @param {number[]} range
 * @param {Ranges} ranges
 */
export function within([first, last], ranges) {
  return ranges.some(([from, to]) => from <= first && last <= to);
}
