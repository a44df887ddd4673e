/** Of the API, as its document and the console name it. */
export const version = '1.0.0';
