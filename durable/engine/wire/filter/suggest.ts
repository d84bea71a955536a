/** Longer words are not compared: nobody mistypes so much. */
const LONGEST = 48

/** How many letters must be changed, added, left out or swapped with their neighbour to come from one word to the other. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    before = last
    last = row
  }
  return last[b.length]
}

/** The known word that was probably meant, if one is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const asked = word.toLowerCase()
  if (asked.length > LONGEST) return undefined
  let best: string | undefined
  let least = Math.max(1, Math.ceil(asked.length / 3)) + 1
  for (const one of known) {
    if (one.length > LONGEST || Math.abs(one.length - asked.length) >= least) continue
    const found = distance(asked, one.toLowerCase())
    if (found >= least) continue
    least = found
    best = one
  }
  return best
}
