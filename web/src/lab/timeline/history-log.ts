import type { History, HistoryLine } from '../../../../durable/protocol.ts'

/** The newest lines; more than these nobody looks through. */
export const KEPT = 5_000
export const PAGE = 200

/** A page of lines put to those that are known. Null: a branch was left meanwhile, so all that is known may be out of date. */
export function merge(known: History | null, page: History): History | null {
  if (known === null) return page
  if (known.branch !== page.branch) return null
  const fresh = new Map(page.lines.map((line) => [line.id, line]))
  const kept = known.lines.map((line) => {
    const newer = fresh.get(line.id)
    fresh.delete(line.id)
    return newer ?? line
  })
  return { ...page, lines: [...kept, ...fresh.values()].slice(-KEPT) }
}

/** From where to ask again: before the first line that had not ended, since it may have by now. */
export function askAfter(known: History): number {
  const open = known.lines.find((line) => line.endedAt === null)
  return open !== undefined ? open.id - 1 : (known.lines.at(-1)?.id ?? 0)
}

export type Entry =
  | { readonly type: 'line'; readonly line: HistoryLine }
  | { readonly type: 'left'; readonly branch: number; readonly count: number; readonly by: HistoryLine | null }

/** Lines in their order; before those that belong to a branch that was left, what that branch is and by which line it was left. */
export function entriesOf({ lines, branches }: Pick<History, 'lines' | 'branches'>): Entry[] {
  const entries: Entry[] = []
  lines.forEach((line, at) => {
    const before = lines[at - 1]
    if (!line.current && (before === undefined || before.current || before.branch !== line.branch)) {
      let end = at
      while (end < lines.length && !lines[end].current && lines[end].branch === line.branch) end += 1
      // Whoever opens a branch leaves the one before it.
      const opener = branches.find(({ id }) => id > line.branch)?.line
      entries.push({ type: 'left', branch: line.branch, count: end - at, by: lines.find(({ id }) => id === opener) ?? null })
    }
    entries.push({ type: 'line', line })
  })
  return entries
}

/** How many lines that count now would be left by going back to right after a line, whichever branch that is of. */
export function laterThan({ lines, branches }: Pick<History, 'lines' | 'branches'>, { id, branch }: HistoryLine): number {
  const lastOf = new Map<number, number>()
  for (let [at, upTo] = [branch, id]; ; ) {
    lastOf.set(at, upTo)
    const row = branches.find((one) => one.id === at)
    if (row === undefined) break
    at = row.parent
    upTo = Math.min(upTo, row.after)
  }
  return lines.filter((one) => one.current && one.id > (lastOf.get(one.branch) ?? 0)).length
}
