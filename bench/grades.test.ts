// The same with smaller counts; `npm run bench -- grades-identical variants-solvable` does them all.
import { expect, it } from 'vitest'
import { solutions } from '../labs/solutions.ts'
import { differentGrades, unsolvable } from './grades.ts'

const told: string[] = []
const tell = (what: string) => void told.push(what)

it('a grade given again is the same grade, whoever opens the lab', () => {
  expect([differentGrades(40, tell), told]).toEqual([0, []])
})

it.each(Object.keys(solutions))('%s can be solved from every seed, and is not solved when it begins', (slug) => {
  expect([unsolvable(slug, 12, tell), told]).toEqual([0, []])
})
