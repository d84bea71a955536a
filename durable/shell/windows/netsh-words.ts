/** `name=value` arguments; what has no name goes by position. A name may be shortened where that is clear. */
export function named(args: readonly string[], ...positions: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {}
  let at = 0
  for (const arg of args) {
    const equals = arg.indexOf('=')
    if (equals > 0) {
      const name = arg.slice(0, equals).toLowerCase()
      out[name] = arg.slice(equals + 1).replace(/^"(.*)"$/, '$1')
      // What stands behind a name goes on from there.
      if (positions[at] === name) at++
    } else if (at < positions.length) out[positions[at++]] = arg
  }
  return out
}

/** What netsh says when there is no such interface. */
export const NO_INTERFACE = ['The filename, directory name, or volume label syntax is incorrect.', '']
