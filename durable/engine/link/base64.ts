// Frames in flight are rows too; rows are text. RFC 4648 section 4, without the platform's btoa.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUE = new Int8Array(128).fill(-1)
for (let i = 0; i < 64; i++) VALUE[ALPHABET.charCodeAt(i)] = i

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0)
    text += ALPHABET[word >> 18] + ALPHABET[(word >> 12) & 63]
    text += left > 1 ? ALPHABET[(word >> 6) & 63] : '='
    text += left > 2 ? ALPHABET[word & 63] : '='
  }
  return text
}

/** The bytes of a text that `toBase64` wrote; undefined when it is not one. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let at = 0
  for (let i = 0; i < text.length; i += 4) {
    let word = 0
    for (let j = 0; j < 4; j++) {
      const code = text.charCodeAt(i + j)
      const padded = i + j >= text.length - padding
      const value = padded ? 0 : code < 128 ? VALUE[code] : -1
      if (value < 0) return undefined
      word = (word << 6) | value
    }
    if (at < bytes.length) bytes[at++] = (word >> 16) & 255
    if (at < bytes.length) bytes[at++] = (word >> 8) & 255
    if (at < bytes.length) bytes[at++] = word & 255
  }
  return bytes
}
