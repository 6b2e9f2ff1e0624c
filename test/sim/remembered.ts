/** Some times as many as one world asks for. */
const LIMIT = 2_000;

class Step<Out> {
  readonly next = new Map<unknown, Step<Out>>();
  answer: { readonly value: Out } | undefined;
}

/**
 * What a pure function gave for its inputs, which are told apart by identity. Thousands of worlds of one seed go the
 * same way until something strikes, so what was worked out for one of them holds for the next. Neither inputs nor
 * answers may ever change.
 */
export class Remembered<Out> {
  readonly #limit: number;
  #first = new Step<Out>();
  #size = 0;

  /** @param limit so many answers are kept; then all are forgotten, so that what no world holds any more can go. */
  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /** The answer for these inputs: worked out when it is not known. What is thrown is not remembered. */
  of(inputs: readonly unknown[], compute: () => Out): Out {
    const step = this.#stepOf(inputs);
    if (step.answer === undefined) {
      step.answer = { value: compute() };
      if (++this.#size > this.#limit) this.#forget();
    }
    return step.answer.value;
  }

  #stepOf(inputs: readonly unknown[]): Step<Out> {
    let step = this.#first;
    for (const input of inputs) {
      let next = step.next.get(input);
      if (next === undefined) {
        next = new Step();
        step.next.set(input, next);
      }
      step = next;
    }
    return step;
  }

  #forget(): void {
    this.#first = new Step();
    this.#size = 0;
  }
}
