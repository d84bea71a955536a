import { describe, expect, it } from 'vitest'
import { type Actor, type Role, roles } from '../auth/actor.ts'
import { type Access, accessTo, accessUntil, callerOf, NO_TIE, type Tie } from './lab-access.ts'

const actorOf = (role: Role | null, scopes: Actor['scopes'] = ['labs:read', 'labs:write', 'labs:check']): Actor => ({
  organisationId: 'o',
  organisationName: 'O',
  jurisdiction: null,
  id: 'me',
  name: 'Me',
  role,
  via: 'session',
  scopes,
})
const ties: Record<string, Tie> = {
  nobody: NO_TIE,
  classmate: { enrolled: 'student', holds: false },
  holder: { enrolled: 'student', holds: true },
  'course assistant': { enrolled: 'assistant', holds: false },
  'course observer': { enrolled: 'observer', holds: false },
}
const kinds = ['own', 'copy', 'submission', 'template', 'trial'] as const
const row = (kind: (typeof kinds)[number]) => ({ kind, createdBy: 'somebody' })

describe('access to a lab', () => {
  it('is of the organisation for labs that people start for themselves', () => {
    const found = roles.map((role) => [role, accessTo(actorOf(role), row('own'), NO_TIE)])
    expect(Object.fromEntries(found)).toEqual({
      observer: 'watch',
      student: 'work',
      assistant: 'teach',
      teacher: 'teach',
      owner: 'teach',
    })
  })

  it('is all for owners, teachers and machines of the organisation', () => {
    for (const kind of kinds)
      for (const role of ['owner', 'teacher', null] as const) expect(accessTo(actorOf(role), row(kind), NO_TIE)).toBe('teach')
  })

  it('is of the course for everything of an assignment, whatever the role in the organisation', () => {
    const wanted: Record<(typeof kinds)[number], Record<string, Access>> = {
      own: { nobody: 'work', classmate: 'work', holder: 'work', 'course assistant': 'work', 'course observer': 'work' },
      copy: { nobody: 'none', classmate: 'none', holder: 'work', 'course assistant': 'teach', 'course observer': 'watch' },
      submission: { nobody: 'none', classmate: 'none', holder: 'watch', 'course assistant': 'teach', 'course observer': 'watch' },
      template: { nobody: 'none', classmate: 'none', holder: 'none', 'course assistant': 'teach', 'course observer': 'none' },
      trial: { nobody: 'none', classmate: 'none', holder: 'none', 'course assistant': 'teach', 'course observer': 'none' },
    }
    for (const kind of kinds)
      for (const [who, tie] of Object.entries(ties))
        expect([kind, who, accessTo(actorOf('student'), row(kind), tie)]).toEqual([kind, who, wanted[kind][who]])
    expect(accessTo(actorOf('assistant'), row('copy'), NO_TIE)).toBe('none')
  })

  it('is told to the lab as a role there', () => {
    expect(callerOf(actorOf('student'), 'work').role).toBe('student')
    expect(callerOf(actorOf('student'), 'teach').role).toBe('assistant')
    expect(callerOf(actorOf('owner'), 'teach').role).toBe('owner')
    expect(callerOf(actorOf('assistant'), 'watch').role).toBe('observer')
    expect(callerOf(actorOf(null), 'teach').role).toBe('machine')
    expect(callerOf(actorOf('teacher', ['labs:read']), 'teach').role).toBe('observer')
  })
})

describe('a link', () => {
  const [now, later] = [1_000, 2_000]
  const own = { kind: 'own', createdBy: 'somebody' } as const
  const by = (role: Role, lab: Parameters<typeof accessUntil>[1], tie: Partial<Tie>) =>
    accessUntil(actorOf(role), lab, { ...NO_TIE, ...tie }, now)

  it('gives a part until it ends, and decides alone for who is there only by it', () => {
    expect(by('observer', own, { works: later })).toEqual({ access: 'work', until: later })
    expect(by('student', own, { watches: later })).toEqual({ access: 'watch', until: later })
    expect(by('student', own, { works: later, watches: 3_000 })).toEqual({ access: 'work', until: later })
    expect(by('student', own, { works: now, watches: later })).toEqual({ access: 'watch', until: later })
    expect(by('student', own, { works: now })).toEqual({ access: 'none' })
    expect(by('student', { kind: 'copy', createdBy: 'somebody' }, { works: later })).toEqual({ access: 'work', until: later })
    expect(by('student', { kind: 'copy', createdBy: 'somebody' }, { works: now })).toEqual({ access: 'none' })
  })

  it('takes nothing away from who started the lab, holds it or teaches', () => {
    expect(by('student', { kind: 'own', createdBy: 'me' }, { watches: later })).toEqual({ access: 'work' })
    expect(by('student', { kind: 'own', createdBy: 'me' }, { watches: now })).toEqual({ access: 'work' })
    expect(by('assistant', own, { watches: now })).toEqual({ access: 'teach' })
    expect(by('student', { kind: 'copy', createdBy: 'x' }, { enrolled: 'student', holds: true, watches: now })).toEqual({
      access: 'work',
    })
  })

  it('is what shows a view, to one person', () => {
    expect(by('student', { kind: 'view', createdBy: 'me' }, { watches: later })).toEqual({ access: 'watch', until: later })
    expect(by('student', { kind: 'view', createdBy: 'me' }, { watches: now })).toEqual({ access: 'none' })
    expect(by('student', { kind: 'view', createdBy: 'somebody' }, {})).toEqual({ access: 'none' })
    expect(by('teacher', { kind: 'view', createdBy: 'somebody' }, {})).toEqual({ access: 'teach' })
  })

  it('has its end told to the lab', () => {
    expect(callerOf(actorOf('student'), 'watch', later)).toEqual({ personId: 'me', name: 'Me', role: 'observer', until: later })
    expect(callerOf(actorOf('student'), 'work')).toEqual({ personId: 'me', name: 'Me', role: 'student' })
  })
})
