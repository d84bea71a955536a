import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { CorruptPart } from '../engine/lab/upgrade.ts'
import type { PartRow } from '../engine/sim/part.ts'
import { host } from '../test-support.ts'
import { type Db, openDatabase } from './database.ts'
import { gatherParts, groupOf, readParts, writeParts } from './groups.ts'

const row = (name: string, data: string): PartRow => ({ name, kind: 'stack', version: 1, data })
const names = [
  'pc',
  'pc/stack',
  'pc/console/1',
  'ubuntu1/stack',
  'cable-7',
  'radio/pc/Wi-Fi/ap',
  'router/nat',
  'router/process/1200',
]
const rows = names
  .map((name) => row(name, JSON.stringify({ name, quote: '"', n: 1.5 })))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

const inObject = (work: (db: Db, sql: SqlStorage) => void) =>
  runInDurableObject(host().stub, (_, { storage }) => work(openDatabase(storage), storage.sql))

it('gives parts back as they were, whatever was written and removed in between', () =>
  inObject((db) => {
    writeParts(db, rows, [])
    expect(readParts(db, names)).toEqual(rows)
    const other = row('pc/stack', '{}')
    writeParts(db, [other, row('new', '[]')], ['cable-7', 'was-never-there'])
    const expected = [...rows.filter(({ name }) => name !== 'cable-7' && name !== 'pc/stack'), other, row('new', '[]')]
    expect(readParts(db, [])).toEqual(expected.sort((a, b) => (a.name < b.name ? -1 : 1)))
    writeParts(
      db,
      [],
      readParts(db, []).map(({ name }) => name),
    )
    expect(readParts(db, [])).toEqual([])
  }))

it('names what cannot be read, and does not write over it', () =>
  inObject((db, sql) => {
    writeParts(db, rows, [])
    sql.exec('UPDATE part_group SET data = substr(data, 2) WHERE name = ?', groupOf('router/nat'))
    expect(() => readParts(db, names)).toThrow(CorruptPart)
    expect(() => readParts(db, ['pc/console/1', 'router/nat'])).toThrow('router/nat')
    expect(() => writeParts(db, [row('router/nat', '{}')], [])).toThrow(CorruptPart)
    expect(() => readParts(db, ['not-there'])).toThrow('not-there')
  }))

it('puts the rows of older labs into groups, once', () =>
  inObject((db, sql) => {
    for (const { name, kind, version, data } of rows) sql.exec('INSERT INTO part VALUES (?, ?, ?, ?)', name, kind, version, data)
    gatherParts(db)
    expect(readParts(db, names)).toEqual(rows)
    expect(sql.exec('SELECT * FROM part').toArray()).toEqual([])
    gatherParts(db)
    expect(readParts(db, names)).toEqual(rows)
  }))

it('lays parts where labs that are stored already have them', () => {
  expect(names.map(groupOf)).toMatchInlineSnapshot(`
    [
      "drawer-0",
      "drawer-0",
      "consoles-0",
      "drawer-1",
      "drawer-2",
      "drawer-0",
      "drawer-0",
      "consoles-0",
    ]
  `)
})
