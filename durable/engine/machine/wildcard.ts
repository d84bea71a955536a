/** Whether a text fits a pattern in which `*` stands for any run and `?` for any one character; case is ignored. Time is at most the product of both lengths. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const p = pattern.toLowerCase()
  const t = text.toLowerCase()
  let at = 0
  let star = -1
  let mark = 0
  let i = 0
  while (i < t.length) {
    if (at < p.length && p[at] === '*') {
      star = at++
      mark = i
    } else if (at < p.length && (p[at] === '?' || p[at] === t[i])) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++mark
    } else return false
  }
  while (at < p.length && p[at] === '*') at++
  return at === p.length
}
