import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** What one journal line keeps of its output. */
export const LONGEST_OUTPUT = 64 * 1024
/** Below this, deflating saves nothing worth its time. */
const SHORT = 512

const PLAIN = 0
const DEFLATED = 1

/** Text as the journal stores it: a byte that says how, then the bytes. */
export function packText(text: string): Uint8Array {
  const plain = new TextEncoder().encode(text)
  const body = plain.length < SHORT ? plain : deflateRawSync(plain)
  const packed = new Uint8Array(body.length + 1)
  packed[0] = body === plain ? PLAIN : DEFLATED
  packed.set(body, 1)
  return packed
}

export function unpackText(packed: Uint8Array): string {
  const body = packed.subarray(1)
  return new TextDecoder().decode(packed[0] === DEFLATED ? inflateRawSync(body, { maxOutputLength: 4 * LONGEST_OUTPUT }) : body)
}

const CUT = '[earlier output is not kept]\n'

/** As a terminal does it, the end is kept. */
export function boundOutput(text: string): string {
  if (text.length <= LONGEST_OUTPUT) return text
  const tail = text.slice(CUT.length - LONGEST_OUTPUT)
  return CUT + tail.slice(tail.indexOf('\n') + 1)
}
