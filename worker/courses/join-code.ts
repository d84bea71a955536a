// Letters that are not read for one another on a whiteboard.
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const LENGTH = 8

/** What students type to join a course: 39 random bits, eight letters. */
export function newJoinCode(): string {
  let code = ''
  while (code.length < LENGTH) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1))
    // What lies above the last whole round would favour some letters.
    if (byte < Math.floor(256 / letters.length) * letters.length) code += letters[byte % letters.length]
  }
  return code
}
