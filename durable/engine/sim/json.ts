/** What a part may keep as state, a system call may answer and a row may hold: plain data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }
