/// <reference types="vite/types/importMeta.d.ts" />
import { expect, it } from 'vitest'

const sources = import.meta.glob<string>('../**/*.ts', { query: '?raw', import: 'default', eager: true })
const code = Object.entries(sources).filter(([path]) => !path.endsWith('.test.ts'))

it('the tables are touched only behind the tenant door, and before sign-in by the hash of a secret', () => {
  const importers = code.filter(([, text]) => /from '[./]*(db\/)?schema\.ts'/.test(text) && /schema/.test(text))
  const ofTables = importers.filter(([, text]) => /from 'drizzle-orm/.test(text)).map(([path]) => path)
  expect(code.length).toBeGreaterThan(30)
  expect(ofTables.sort()).toEqual(['./accounts.ts', './tenant.ts'])
})

it('no SQL is written elsewhere, but for the question whether the database is there', () => {
  const withSql = code.filter(([, text]) => /sql`|\.prepare\(|\.exec\(['"`]/.test(text)).map(([path]) => path)
  expect(withSql.sort()).toEqual(['../routes/system.ts', './accounts.ts', './tenant.ts'])
})
