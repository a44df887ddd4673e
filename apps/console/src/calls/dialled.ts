/** What can be dialled, for the `pattern` of a field; the server holds to the same. */
export const dialledPattern = '[0-9A-Za-z_+*#.@\\-]+';
