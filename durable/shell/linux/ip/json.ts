// JSON as iproute2 writes it (lib/json_writer.c): on one line, or with -p indented in its own manner.

export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined }

export const jsonText = (value: Plain, pretty: boolean): string =>
  pretty ? `${indented(value, 0)}\n` : `${JSON.stringify(value)}\n`

function indented(value: Plain, depth: number): string {
  if (Array.isArray(value)) {
    const items = (value as readonly Plain[]).map((one) => indented(one, depth + 1))
    return items.length === 0 ? '[ ]' : `[ ${items.join(',')} ]`
  }
  if (typeof value !== 'object') return JSON.stringify(value)
  const fields = Object.entries(value as { readonly [key: string]: Plain | undefined }).filter(([, one]) => one !== undefined)
  const lines = fields.map(
    ([key, one]) => `${'    '.repeat(depth + 1)}${JSON.stringify(key)}: ${indented(one as Plain, depth + 1)}`,
  )
  return `{\n${lines.join(',\n')}\n${'    '.repeat(depth)}}`
}
