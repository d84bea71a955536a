import { expect, it } from 'vitest'
import { citedIn } from './cited.ts'

it('a link names packets, a line or a row', () => {
  expect(citedIn('?packets=1,2,30&for=A%20check')).toEqual({
    packets: { title: 'A check', packets: [1, 2, 30] },
    line: null,
    row: null,
  })
  expect(citedIn('?line=17').line).toBe(17)
  expect(citedIn('?machine=pc&table=routes&row=0.0.0.0%2F0').row).toEqual({ machine: 'pc', table: 'routes', row: '0.0.0.0/0' })
})

it('what is nonsense in it is left out', () => {
  expect(citedIn('')).toEqual({ packets: null, line: null, row: null })
  expect(citedIn('?packets=a,1,-2,1e9&line=x&machine=pc')).toEqual({
    packets: { title: 'Evidence', packets: [1] },
    line: null,
    row: null,
  })
  expect(citedIn(`?packets=${Array.from({ length: 5_000 }, (_, i) => i).join()}`).packets?.packets).toHaveLength(200)
})
