import { join } from 'node:path';

/** Whoever takes files in and whoever imports them share a folder, the command line in a checkout too. */
export const storageFolder = ({ data }: { readonly data: string }): string => join(data, 'storage');
