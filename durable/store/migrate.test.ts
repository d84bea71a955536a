import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { host } from '../test-support.ts'
import { known, type Migration, migrate } from './migrate.ts'

const first: Migration = {
  tag: '9000_first',
  sql: 'CREATE TABLE one (a integer);--> statement-breakpoint\nINSERT INTO one VALUES (1)',
}
const second: Migration = { tag: '9001_second', sql: 'ALTER TABLE one ADD b integer' }
const merged: Migration = { tag: '9000_merged', sql: 'CREATE TABLE two (a integer)' }
const broken: Migration = {
  tag: '9002_broken',
  sql: 'CREATE TABLE three (a integer);--> statement-breakpoint\nCREATE TABLE three (a integer)',
}

const inObject = (work: (storage: DurableObjectStorage, tables: () => unknown[]) => void) =>
  runInDurableObject(host().stub, (_, { storage }) => {
    const named = () =>
      storage.sql
        .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('one', 'two', 'three') ORDER BY name")
        .toArray()
    work(storage, () => named().map(({ name }) => name))
  })

it('applies what is pending, once', () =>
  inObject((storage) => {
    migrate(storage, [...known, first])
    migrate(storage, [...known, first])
    migrate(storage, [...known, first, second])
    expect(storage.sql.exec('SELECT a, b FROM one').toArray()).toEqual([{ a: 1, b: null }])
  }))

it('applies one that was merged in before the last', () =>
  inObject((storage, tables) => {
    migrate(storage, [...known, first, second])
    migrate(storage, [...known, first, merged, second])
    expect(tables()).toEqual(['one', 'two'])
  }))

it('refuses a history in which an applied one was edited, and one that it does not know', () =>
  inObject((storage) => {
    migrate(storage, [...known, first])
    expect(() => migrate(storage, [...known, { ...first, sql: `${first.sql} ` }])).toThrow('9000_first was edited')
    expect(() => migrate(storage, known)).toThrow('newer version')
  }))

it('applies all that are pending or none', () =>
  inObject((storage, tables) => {
    expect(() => migrate(storage, [...known, first, broken])).toThrow('three')
    expect(tables()).toEqual([])
    migrate(storage, [...known, first])
    expect(tables()).toEqual(['one'])
  }))
