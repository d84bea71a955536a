import type { LabLink, NewLink } from '../../api/links.ts'

/** What somebody gets who opens a link, as the form and the list say it. */
export const gives = {
  work: 'Work in this lab',
  watch: 'Watch this lab',
  read: 'See it as it was',
  fork: 'Start a copy from a moment',
} as const
export type Gives = keyof typeof gives

export const lasts: readonly (readonly [minutes: number, words: string])[] = [
  [60, 'an hour'],
  [24 * 60, 'a day'],
  [7 * 24 * 60, 'a week'],
  [30 * 24 * 60, '30 days'],
]

export function wishOf(what: Gives, line: number, more: { label: string; minutes: number; maxUses?: number }): NewLink {
  return what === 'work' || what === 'watch'
    ? { kind: 'invite', role: what, ...more }
    : { kind: 'moment', mode: what, line, ...more }
}

export const whatItGives = ({ role, mode, line, at }: LabLink): string => {
  const what = gives[role ?? mode ?? 'watch']
  if (role !== null) return what
  return line === 0
    ? `${what}: the beginning`
    : line !== null
      ? `${what}: after line ${line}`
      : `${what}: at ${(at ?? 0) / 1e6} s`
}

export const usesWords = ({ uses, maxUses }: LabLink): string =>
  maxUses === null ? `${uses} opened it` : `${uses} of ${maxUses} opened it`

export const stateWords: Record<LabLink['state'], string> = {
  open: 'open',
  used: 'used up',
  expired: 'over',
  revoked: 'ended',
}
