/** What `time` prints: time in the lab; programs here use no processor time. */
export function durationText(micros: number, posix = false): string {
  if (posix) {
    const hundredths = Math.round(micros / 10_000)
    return `real ${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}\nuser 0.00\nsys 0.00\n`
  }
  const millis = Math.round(micros / 1000)
  const minutes = Math.floor(millis / 60_000)
  const seconds = Math.floor(millis / 1000) % 60
  const real = `${minutes}m${seconds}.${String(millis % 1000).padStart(3, '0')}s`
  return `\nreal\t${real}\nuser\t0m0.000s\nsys\t0m0.000s\n`
}

/** `1.5`, `2m`, `1h`: microseconds, or undefined. */
export function parseDuration(text: string): number | undefined {
  const found = /^(\d{0,9}(?:\.\d{0,9})?)([smhd]?)$/.exec(text)
  if (!found || !/\d/.test(found[1] ?? '')) return text === 'infinity' || text === 'inf' ? 31_536_000_000_000 : undefined
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[found[2] === '' ? 's' : (found[2] as 's' | 'm' | 'h' | 'd')]
  return Math.round(Number(found[1]) * unit * 1_000_000)
}
