// The few functions of Node's that workerd has and that we use; the whole of Node's types would let much more slip in.
declare module 'node:zlib' {
  type Options = { readonly level?: number; readonly maxOutputLength?: number }
  export function deflateRawSync(bytes: Uint8Array, options?: Options): Uint8Array<ArrayBuffer>
  export function inflateRawSync(bytes: Uint8Array, options?: Options): Uint8Array<ArrayBuffer>
  export function gzipSync(bytes: Uint8Array, options?: Options): Uint8Array<ArrayBuffer>
  export function gunzipSync(bytes: Uint8Array, options?: Options): Uint8Array<ArrayBuffer>
}
declare module 'node:crypto' {
  export function createHash(algorithm: 'sha256'): { update(text: string): { digest(encoding: 'hex'): string } }
}
