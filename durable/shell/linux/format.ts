/** A number with so many digits after the point, rounded down as C's integer division does. */
export function fixed(value: number, scale: number, digits: number): string {
  let unit = 1
  for (let i = 0; i < digits; i++) unit *= 10
  const whole = Math.floor((Math.abs(value) * unit) / scale + 1e-9)
  const text = `${Math.floor(whole / unit)}${digits > 0 ? `.${String(whole % unit).padStart(digits, '0')}` : ''}`
  return value < 0 && whole > 0 ? `-${text}` : text
}

/** Microseconds as milliseconds with three digits: `0.412`. */
export const milliseconds = (micros: number): string => fixed(Math.round(micros), 1000, 3)

/** `00155D033200` as `00:15:5d:03:32:00`. */
export const linuxMac = (mac: string): string => {
  const digits = mac.replace(/[^0-9A-Fa-f]/g, '').toLowerCase()
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : mac.toLowerCase()
}

/** C's `%g` of a number between 0 and a million: six significant digits, no zeros at the end. */
export function general(value: number): string {
  if (value === 0) return '0'
  let digits = 6
  for (let bound = 1; value >= bound && digits > 0; bound *= 10) digits--
  if (value >= 1) return trimmed(rounded(value, digits))
  return trimmed(rounded(value, 6))
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

function rounded(value: number, digits: number): string {
  let unit = 1
  for (let i = 0; i < digits; i++) unit *= 10
  return fixed(Math.round(value * unit), unit, digits)
}

/** Cells in columns, each as wide as its widest, the last one not padded. */
export function columns(rows: readonly (readonly string[])[], gap = 1, right: readonly number[] = []): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows.map((row) =>
    row
      .map((cell, i) =>
        right.includes(i) ? cell.padStart(widths[i] ?? 0) : i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0),
      )
      .join(' '.repeat(gap)),
  )
}
