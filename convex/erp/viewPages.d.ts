/** The documents that `npm run build` makes of views/: see .ci/views.ts. */
export declare const order: string;
export declare const sales: string;
