import type { Sources } from './source-files.ts'

export const LONGEST = 500

export function findLongFiles(sources: Sources): string[] {
  return [...sources]
    .map(([path, text]) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > LONGEST)
    .map(({ path, lines }) => `${path}  ${lines} lines; split it by role (limit ${LONGEST})`)
}
