/** What a link into a lab points to: packets, a line of the journal, a row of a table. */
export type Cited = {
  readonly packets: { readonly title: string; readonly packets: readonly number[] } | null
  readonly line: number | null
  readonly row: { readonly machine: string; readonly table: string; readonly row: string } | null
}

const MOST = 200

/** The part of an address after `?`. What is no number, or too much, is left out. */
export function citedIn(search: string): Cited {
  const query = new URLSearchParams(search)
  const numbers = (query.get('packets') ?? '')
    .split(',')
    .slice(0, MOST)
    .filter((one) => /^\d{1,15}$/.test(one))
  const line = query.get('line') ?? ''
  const [machine, table] = [query.get('machine') ?? '', query.get('table') ?? '']
  return {
    packets:
      numbers.length === 0 ? null : { title: (query.get('for') ?? 'Evidence').slice(0, 200), packets: numbers.map(Number) },
    line: /^\d{1,15}$/.test(line) ? Number(line) : null,
    row: machine === '' || table === '' ? null : { machine, table, row: query.get('row') ?? '' },
  }
}
