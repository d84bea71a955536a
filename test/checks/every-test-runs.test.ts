import { globSync } from 'node:fs'
import { expect, it } from 'vitest'
import config from '../../vitest.config.ts'

it('every test file belongs to a project that runs it', () => {
  const elsewhere = { exclude: ['**/node_modules/**'] }
  const files = globSync('**/*.test.{ts,tsx}', elsewhere)
  const projects = (config as { test: { projects: { test: { include: string[] } }[] } }).test.projects
  const included = new Set(projects.flatMap(({ test }) => globSync(test.include, elsewhere)))
  expect(files.length).toBeGreaterThan(300)
  expect(files.filter((file) => !included.has(file))).toEqual([])
})
