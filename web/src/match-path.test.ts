import { expect, it } from 'vitest'
import { matchPath } from './match-path.ts'

it('finds the values of a pattern, with or without the last slash', () => {
  expect(matchPath('/', '/')).toEqual({})
  expect(matchPath('/labs/:id', '/labs/ab_c-1/')).toEqual({ id: 'ab_c-1' })
  expect(matchPath('/courses/:course/people', '/courses/x/people')).toEqual({ course: 'x' })
})

it('fits nothing else', () => {
  for (const path of ['/labs', '/labs/', '/labs/a/b', '/labs/a.b', `/labs/${'a'.repeat(81)}`, '/laps/a'])
    expect([path, matchPath('/labs/:id', path)]).toEqual([path, undefined])
})
