/** The function with its answers kept for as long as its argument lives. The argument must never change. */
export function memoised<In extends object, Out>(compute: (input: In) => Out): (input: In) => Out {
  const known = new WeakMap<In, { readonly answer: Out }>();
  return (input) => {
    let kept = known.get(input);
    if (kept === undefined) {
      kept = { answer: compute(input) };
      known.set(input, kept);
    }
    return kept.answer;
  };
}
