/** The vendor's error codes, as far as the simulator answers with them. */
export const errors = {
  success: [0, 'SUCCESS'],
  failure: [-1, 'FAILURE'],
  serverError: [-2, 'INTERNAL SERVER ERROR'],
  noInterface: [10001, 'INTERFACE NOT EXISTED'],
  tokenExpired: [10004, 'ACCESS TOKEN EXPIRED'],
  operationFailed: [10009, 'OPERATE FAILED'],
  syntax: [40001, 'PARAMETER SYNTAX ERROR'],
  parameter: [40002, 'PARAMETER ERROR'],
  notFound: [60001, 'DATA NOT FOUND'],
  limit: [60002, 'MAX LIMITATION EXCEEDED'],
  blocked: [70004, 'ACCOUNT IP BLOCKED'],
} as const satisfies Record<string, readonly [code: number, message: string]>;

export type YeastarError = keyof typeof errors;

/** Always HTTP 200: only the body tells a failure. */
export type YeastarReply = { readonly errcode: number; readonly errmsg: string } & Readonly<
  Record<string, unknown>
>;

export function reply(error: YeastarError, fields: Readonly<Record<string, unknown>> = {}): YeastarReply {
  const [errcode, errmsg] = errors[error];
  return { errcode, errmsg, ...fields };
}
