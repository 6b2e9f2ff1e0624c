/** An input after its check: required members are there. */
export type Checked<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] : NonNullable<T[K]> };
