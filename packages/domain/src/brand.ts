declare const brand: unique symbol;

/** A value that only its own constructor makes: a plain string can't be taken for a CallKey by mistake. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
