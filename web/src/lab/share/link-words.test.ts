import { expect, test } from 'vitest'
import type { LabLink } from '../../api/links.ts'
import { usesWords, whatItGives, wishOf } from './link-words.ts'

const link = (more: Partial<LabLink>): LabLink => ({
  ...{ id: 'a', kind: 'invite', role: null, mode: null, line: null, at: null, label: '', createdBy: 'Ada' },
  ...{ expiresAt: '2026-11-21T10:00:00Z', uses: 1, maxUses: null, state: 'open' },
  ...more,
})

test('a link says what it gives and who has opened it', () => {
  expect(whatItGives(link({ role: 'watch' }))).toBe('Watch this lab')
  expect(whatItGives(link({ kind: 'moment', mode: 'read', line: 12 }))).toBe('See it as it was: after line 12')
  expect(whatItGives(link({ kind: 'moment', mode: 'fork', line: 0 }))).toBe('Start a copy from a moment: the beginning')
  expect(whatItGives(link({ kind: 'moment', mode: 'read', at: 1_500_000 }))).toBe('See it as it was: at 1.5 s')
  expect([usesWords(link({})), usesWords(link({ maxUses: 3 }))]).toEqual(['1 opened it', '1 of 3 opened it'])
})

test('what is wished is asked for', () => {
  const more = { label: 'x', minutes: 60 }
  expect(wishOf('watch', 7, more)).toEqual({ kind: 'invite', role: 'watch', ...more })
  expect(wishOf('fork', 7, more)).toEqual({ kind: 'moment', mode: 'fork', line: 7, ...more })
})
