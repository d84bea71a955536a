import { runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { PATIENCE } from './consent.ts'
import type { Caller } from './contract.ts'
import type { Proposal } from './protocol.ts'
import { ada, bob, Client, command, expectOk, type Host, newLab, roomsOf } from './test-support.ts'

const eve: Caller = { personId: 'person-eve', name: 'Eve', role: 'student' }
const watcher: Caller = { personId: 'person-will', name: 'Will', role: 'observer' }

const named = async (lab: Host) => (await linesOf(lab)).map(({ line }) => line)
const linesOf = async (lab: Host) => expectOk(await lab.history({ after: 0, limit: 100 })).lines
const isOpen = ({ proposal }: { readonly proposal: Proposal | null }) => proposal !== null
const asked = async (client: Client) => (await client.next('proposal', isOpen)).proposal as Proposal
const ended = async (client: Client) => (await client.next('proposal', (one) => !isOpen(one))).ended

async function twoLines(): Promise<Host> {
  const lab = await newLab()
  for (const line of ['echo 1', 'echo 2']) expectOk(await lab.exec(command('desk', line), ada))
  return lab
}

async function together(...people: readonly Caller[]) {
  const lab = await twoLines()
  const clients: Client[] = []
  for (const one of people) clients.push(await Client.join(lab, one))
  return { lab, clients: clients as [Client, Client, Client] }
}

const consent = (client: Client, proposal: string, agree = true) => client.send({ type: 'consent', proposal, agree })

describe('going back with others', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('is done when all of them have agreed, as a rewind of whoever asked', async () => {
    const { lab, clients } = await together(ada, bob, eve)
    const [one, two, three] = clients
    one.send({ type: 'rewind', line: 1 })
    const proposal = await asked(two)
    expect(proposal).toMatchObject({
      by: { id: 'person-ada', name: 'Ada' },
      line: { id: 1, kind: 'exec', console: 'desk', line: 'echo 1' },
      missing: [
        { id: 'person-bob', name: 'Bob' },
        { id: 'person-eve', name: 'Eve' },
      ],
    })
    expect(proposal.left).toBeGreaterThan(0)
    expect(proposal.left).toBeLessThanOrEqual(PATIENCE)
    expect((await asked(one)).id).toBe(proposal.id)
    consent(two, proposal.id)
    expect(await asked(one)).toMatchObject({ id: proposal.id, missing: [{ name: 'Eve' }] })
    // What is entered meanwhile does not end it.
    three.send({ type: 'exec', console: 'desk', line: 'echo 3', clientId: 'in-between' })
    await three.next('answer')
    expect(await named(lab)).toEqual(['echo 1', 'echo 2', 'echo 3'])
    consent(three, proposal.id)
    for (const client of clients) {
      expect(await ended(client)).toEqual({ id: proposal.id, how: 'done', by: 'Ada' })
      await client.next('reset')
      const welcome = await client.next('welcome')
      expect(welcome.proposal).toBeNull()
      expect(welcome.consoles[0].scrollback).not.toContain('echo 2')
    }
    const lines = await linesOf(lab)
    expect(lines.map(({ line, by, current }) => [line, by, current])).toEqual([
      ['echo 1', 'Ada', true],
      ['echo 2', 'Ada', false],
      ['echo 3', 'Eve', false],
      ['rewind to line 1', 'Ada', true],
    ])
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
  })

  it('is over with one refusal, and everybody is told whose', async () => {
    const { lab, clients } = await together(ada, bob, eve)
    const [one, two, three] = clients
    one.send({ type: 'rewind', line: 0 })
    const { id, line } = await asked(three)
    expect(line).toMatchObject({ id: 0, kind: 'beginning' })
    consent(two, id)
    consent(three, id, false)
    for (const client of clients) expect(await ended(client)).toEqual({ id, how: 'refused', by: 'Eve' })
    consent(two, id)
    expect(await two.next('error')).toMatchObject({ code: 'no-proposal' })
    expect(await named(lab)).toEqual(['echo 1', 'echo 2'])
  })

  it('does not wait for who leaves, but for who comes', async () => {
    const { lab, clients } = await together(ada, bob, eve)
    const [one, two, three] = clients
    one.send({ type: 'rewind', line: 1 })
    const { id } = await asked(two)
    await one.settle()
    three.close(1000)
    expect((await asked(one)).missing).toEqual([{ id: 'person-bob', name: 'Bob' }])
    const back = await Client.connect(lab, eve)
    back.send({ type: 'hello', packetsAfter: -1, visible: true })
    expect((await back.next('welcome')).proposal).toMatchObject({ id, missing: [{ name: 'Bob' }, { name: 'Eve' }] })
    consent(two, id)
    await one.next('proposal', ({ proposal }) => proposal?.missing.length === 1 && proposal.missing[0].name === 'Eve')
    expect(await named(lab)).toEqual(['echo 1', 'echo 2'])
    back.close(1000)
    expect(await ended(one)).toMatchObject({ how: 'done' })
    expect(await named(lab)).toEqual(['echo 1', 'echo 2', 'rewind to line 1'])
  })

  it('is taken back by whoever asked, and by their leaving', async () => {
    const { lab, clients } = await together(ada, bob)
    const [one, two] = clients
    one.send({ type: 'rewind', line: 1 })
    const first = await asked(two)
    two.send({ type: 'take-back', proposal: first.id })
    expect(await two.next('error')).toMatchObject({ code: 'not-yours' })
    one.send({ type: 'consent', proposal: first.id, agree: true })
    expect(await one.next('error')).toMatchObject({ code: 'own-proposal' })
    one.send({ type: 'take-back', proposal: first.id })
    expect(await ended(two)).toEqual({ id: first.id, how: 'taken-back', by: 'Ada' })
    one.send({ type: 'rewind', line: 1 })
    const second = await asked(two)
    one.close(1000)
    expect(await ended(two)).toEqual({ id: second.id, how: 'left', by: 'Ada' })
    consent(two, second.id)
    expect(await two.next('error')).toMatchObject({ code: 'no-proposal' })
    expect(await named(lab)).toEqual(['echo 1', 'echo 2'])
  })

  it('is over after its time, with whatever arrives next', async () => {
    const { lab, clients } = await together(ada, bob)
    const [one, two] = clients
    one.send({ type: 'rewind', line: 1 })
    const { id } = await asked(two)
    await one.settle()
    const now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now + PATIENCE - 5_000)
    two.send({ type: 'credit', batches: 1 })
    expect((await two.settle()).filter(({ type }) => type === 'proposal')).toEqual([])
    clock.mockReturnValue(now + PATIENCE)
    consent(two, id)
    expect(await two.next('error')).toMatchObject({ code: 'no-proposal' })
    for (const client of clients.slice(0, 2)) expect(await ended(client)).toEqual({ id, how: 'expired', by: 'Ada' })
    expect(await named(lab)).toEqual(['echo 1', 'echo 2'])
    one.send({ type: 'rewind', line: 1 })
    expect((await asked(two)).id).not.toBe(id)
  })

  it('is lost with the object, and then nothing has happened', async () => {
    const { lab, clients } = await together(ada, bob)
    const [one, two] = clients
    one.send({ type: 'rewind', line: 1 })
    const { id } = await asked(two)
    await lab.evict()
    consent(two, id)
    expect(await two.next('proposal', (one) => !isOpen(one))).toEqual({ type: 'proposal', proposal: null })
    expect(await two.next('error')).toMatchObject({ code: 'no-proposal' })
    two.send({ type: 'hello', packetsAfter: -1, visible: true })
    expect((await two.next('welcome')).proposal).toBeNull()
    expect(await named(lab)).toEqual(['echo 1', 'echo 2'])
    one.send({ type: 'rewind', line: 1 })
    consent(two, (await asked(two)).id)
    expect(await ended(one)).toMatchObject({ how: 'done' })
  })

  it('is asked once at a time, about lines that are there', async () => {
    const { clients } = await together(ada, bob)
    const [one, two] = clients
    two.send({ type: 'rewind', line: 77 })
    expect(await two.next('error')).toMatchObject({ code: 'no-line' })
    one.send({ type: 'rewind', line: 1 })
    const { id } = await asked(two)
    two.send({ type: 'rewind', line: 0 })
    expect(await two.next('error')).toMatchObject({ code: 'proposal-open', message: expect.stringMatching(/^Ada asks already/) })
    one.send({ type: 'rewind', line: 0 })
    expect(await one.next('error')).toMatchObject({ code: 'proposal-open', message: expect.stringMatching(/^You ask already/) })
    consent(two, 'not-this-one')
    expect((await asked(two)).id).toBe(id)
    expect(await two.next('error')).toMatchObject({ code: 'no-proposal' })
    consent(two, id)
    expect(await ended(one)).toMatchObject({ id, how: 'done' })
  })

  it('does not ask those who only watch, nor who has not said hello, and does not hear them', async () => {
    const { lab, clients } = await together(ada, watcher, bob)
    const [one, looking, two] = clients
    one.send({ type: 'rewind', line: 1 })
    const { id, missing } = await asked(looking)
    expect(missing).toEqual([{ id: 'person-bob', name: 'Bob' }])
    consent(looking, id, false)
    expect(await looking.next('error')).toMatchObject({ code: 'not-allowed' })
    looking.send({ type: 'rewind', line: 1 })
    expect(await looking.next('error')).toMatchObject({ code: 'not-allowed' })
    expect(await named(lab)).toEqual(['echo 1', 'echo 2'])
    two.close(1000)
    expect(await ended(looking)).toMatchObject({ how: 'done' })
    await Client.connect(lab, eve)
    one.send({ type: 'rewind', line: 0 })
    await looking.next('welcome', ({ consoles }) => consoles[0].scrollback === '')
    expectOk(await lab.rewind({ line: 1 }, ada))
  })

  it('means nothing any more when the lab was taken back or reset meanwhile', async () => {
    const { lab, clients } = await together(ada, bob)
    const [one, two] = clients
    for (const turn of [
      () => lab.rewind({ line: 1, force: true }, bob),
      () => lab.undo({ line: 1 }, bob),
      () => lab.reset(bob),
    ]) {
      one.send({ type: 'rewind', line: 1 })
      const { id } = await asked(two)
      expect((await turn()).ok).toBe(true)
      expect(await ended(two)).toEqual({ id, how: 'void', by: 'Ada' })
      const before = await named(lab)
      consent(two, id)
      expect(await two.next('error')).toMatchObject({ code: 'no-proposal' })
      expect(await named(lab)).toEqual(before)
      await two.settle()
    }
  })

  it('says so when the lab could not go back, and then nothing has changed', async () => {
    const { lab, clients } = await together(ada, bob)
    const [one, two] = clients
    one.send({ type: 'rewind', line: 1 })
    const { id } = await asked(two)
    await runInDurableObject(lab.stub, (instance) => {
      const { keeper } = roomsOf(instance)
      vi.spyOn(keeper.frames, 'append').mockImplementationOnce(() => {
        throw new Error('cable chewed')
      })
    })
    consent(two, id)
    for (const client of [one, two]) {
      const end = await ended(client)
      expect(end).toMatchObject({ id, how: 'failed', by: 'Ada', message: expect.stringMatching(/nothing in it has changed/) })
    }
    expect(await named(lab)).toEqual(['echo 1', 'echo 2'])
    one.send({ type: 'rewind', line: 1 })
    consent(two, (await asked(two)).id)
    expect(await ended(one)).toMatchObject({ how: 'done' })
  })

  it('stays a refusal over HTTP, which says who can be asked', async () => {
    const { lab } = await together(ada, bob)
    const refused = await lab.rewind({ line: 1, force: true }, ada)
    expect(refused).toMatchObject({ status: 409, code: 'needs-consent', field: 'force' })
    expect(!refused.ok && refused.message).toMatch(/lab page can ask them/)
  })
})
