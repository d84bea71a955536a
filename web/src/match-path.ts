/** Values of the `:name` parts of a pattern. */
export type Params = Readonly<Record<string, string>>

/** `/labs/:id` of `/labs/abc`; undefined: it does not fit. A value is letters, digits, `-` and `_`. */
export function matchPath(pattern: string, path: string): Params | undefined {
  const [wanted, given] = [pattern, path].map((one) => one.replace(/\/$/, '').split('/'))
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const value = given[at]
    if (!part.startsWith(':')) {
      if (part !== value) return undefined
    } else if (/^[A-Za-z0-9_-]{1,80}$/.test(value)) params[part.slice(1)] = value
    else return undefined
  }
  return params
}
