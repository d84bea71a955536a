import { describe, expect, it } from 'vitest'
import type { Proposal, ProposalEnd } from '../../../../durable/protocol.ts'
import { type AskedBack, deedAt, endWords, heard, othersAreAsked, partOf, placeOf } from './asked-back.ts'

const proposal: Proposal = {
  id: 'one',
  by: { id: 'ada', name: 'Ada' },
  line: { id: 12, kind: 'exec', console: 'desk', line: 'ping <b>x</b>' },
  missing: [{ id: 'bob', name: 'Bob' }],
  left: 60_000,
}
const asked = heard(proposal, 1_000) as AskedBack

describe('being asked whether the lab may go back', () => {
  it('ends by the clock of this page', () => {
    expect(heard(null, 1_000)).toBeNull()
    expect(asked.until).toBe(61_000)
    expect(asked).not.toHaveProperty('left')
  })

  it('concerns everybody in their own way', () => {
    expect(partOf(asked, 'ada', 'student')).toBe('asks')
    expect(partOf(asked, 'bob', 'student')).toBe('asked')
    expect(partOf(asked, 'eve', 'teacher')).toBe('waiting')
    expect(partOf(asked, 'will', 'observer')).toBe('looks')
  })

  it('names the line as it was entered, or what it was', () => {
    expect([placeOf(asked), deedAt(asked)]).toEqual(['line 12', 'ping <b>x</b>'])
    const hand = { line: { id: 3, kind: 'hand', console: '', line: 'unplug desk-cable' } }
    expect([placeOf(hand), deedAt(hand)]).toEqual(['line 3', 'by hand: unplug desk-cable'])
    const beginning = { line: { id: 0, kind: 'beginning', console: '', line: '' } }
    expect([placeOf(beginning), deedAt(beginning)]).toEqual(['the beginning', null])
    expect([othersAreAsked(1), othersAreAsked(3)]).toEqual([
      '1 other is here: they will be asked.',
      '3 others are here: they will be asked.',
    ])
  })

  it('ends in words that say what has come of it', () => {
    const words = (end: Partial<ProposalEnd>, you = 'bob') => endWords(asked, { id: 'one', how: 'done', by: 'Ada', ...end }, you)
    expect(words({})).toBe('Everybody agreed: the lab is back at line 12.')
    expect(words({ how: 'refused', by: 'Eve' })).toBe('Eve refused. The lab does not go back to line 12.')
    expect(words({ how: 'taken-back' })).toBe('Ada took it back: the lab does not go back to line 12.')
    expect(words({ how: 'taken-back' }, 'ada')).toBe('You took it back.')
    expect(words({ how: 'void' })).toBe('The lab was changed as a whole meanwhile, so Ada’s question is void.')
    expect(words({ how: 'failed', message: 'Too far.' })).toBe('Everybody agreed, but the lab could not go back. Too far.')
    expect(words({ how: 'failed' })).toMatch(/go back\.$/)
  })
})
