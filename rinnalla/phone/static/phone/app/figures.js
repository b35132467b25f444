/**
 * The figures on the counter: what this phone recorded, and what the others did.
 *
 * The own figure comes from this phone's facts alone. The others' is what the server
 * last said, with its age.
 *
 * @typedef {{own: number, guided: number, marks: number, together: number,
 *   others: number, most_other: number, loose: number, same_queue: boolean}} Totals
 */

/**
 * @param {object} state what this phone recorded on the visit
 * @param {Partial<Totals>} [totals] what the server last said of it
 * @param {boolean} [isUnsent] whether something told here has not reached it yet
 */
export function figuresOf(state, totals = {}, isUnsent = false) {
  const { others = 0, most_other: most = 0, loose = 0 } = totals;
  const own = state?.own ?? 0;
  const isSame = Boolean((isUnsent ? null : totals.same_queue) ?? state?.same);
  return {
    own,
    guided: state?.guided ?? 0,
    marks: state?.marks?.length ?? 0,
    others,
    isSame,
    together: loose + (isSame ? Math.max(most, own) : others + own),
  };
}
