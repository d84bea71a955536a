/// <reference types="vite/types/importMeta.d.ts" />
import { expect, it } from 'vitest'

const sources = import.meta.glob<string>('../**/*.ts', { query: '?raw', import: 'default', eager: true })
const code = Object.entries(sources).filter(([path]) => !path.endsWith('.test.ts'))

const outside = (paths: readonly string[]) => paths.filter((path) => !path.startsWith('./'))

it('the tables are touched only behind the tenant door, and before sign-in by the hash of a secret', () => {
  const importers = code
    .filter(([, text]) => /^import (?!type )[^']*from '[^']*\/schema\/[a-z-]+\.ts'/m.test(text))
    .map(([path]) => path)
  expect(code.length).toBeGreaterThan(30)
  expect(importers.length).toBeGreaterThan(4)
  expect(outside(importers)).toEqual([])
})

it('behind the door every file names the organisation', () => {
  const files = code.filter(([path]) => path.startsWith('./tenant/') && !path.endsWith('/index.ts'))
  expect(files.length).toBeGreaterThan(3)
  for (const [path, text] of files) expect([path, text.includes('organisationId')]).toEqual([path, true])
})

it('no SQL is written elsewhere, but for the question whether the database is there', () => {
  const withSql = code.filter(([, text]) => /sql`|\.prepare\(|\.exec\(['"`]/.test(text)).map(([path]) => path)
  expect(outside(withSql)).toEqual(['../routes/system.ts'])
})
