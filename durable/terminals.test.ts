import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Caller } from './contract.ts'
import type { ConsoleState } from './protocol.ts'
import { ASK_PATIENCE, IDLE_OWNER } from './terminals.ts'
import { ada, bob, Client, command, expectOk, type Host, newLab } from './test-support.ts'

const eve: Caller = { personId: 'person-eve', name: 'Eve', role: 'student' }
const key: Caller = { personId: 'key:robot', name: 'robot', role: 'machine' }
const watcher: Caller = { personId: 'person-will', name: 'Will', role: 'observer' }

let lines = 0
const types = (client: Client, line: string, console = 'desk') => {
  const clientId = `typed-line-${++lines}`
  client.send({ type: 'exec', console, line, clientId })
  return clientId
}
const entered = async (client: Client, line: string, console = 'desk') => {
  const clientId = types(client, line, console)
  return (await client.next('answer', (one) => one.clientId === clientId)).answer
}
const act = (client: Client, what: 'take' | 'ask' | 'unask' | 'let-go' | 'take-over', console = 'desk') =>
  client.send({ type: 'terminal', console, act: what })
const hands = (client: Client, what: 'give' | 'refuse', { personId }: Caller) =>
  client.send({ type: 'hand-over', console: 'desk', act: what, person: personId })
const told = (client: Client, wanted: (state: Pick<ConsoleState, 'owner' | 'asking'>) => boolean) =>
  client.next('console', ({ state }) => state.console === 'desk' && wanted(state))
const ownedBy = (client: Client, who: Caller | null) =>
  told(client, ({ owner }) => (owner?.id ?? null) === (who?.personId ?? null))
const journal = async (lab: Host) =>
  expectOk(await lab.history({ after: 0, limit: 100 })).lines.map(({ kind, line, by }) => [kind, line, by])
const ownerOf = async (lab: Host) => {
  const visitor = await Client.connect(lab, watcher)
  visitor.send({ type: 'hello', packetsAfter: -1, visible: false })
  const { consoles } = await visitor.next('welcome')
  visitor.close(1000)
  const desk = consoles.find((one) => one.console === 'desk')
  return [desk?.owner?.name ?? null, desk?.asking.map(({ name }) => name)]
}

async function together(...people: readonly Caller[]) {
  const lab = await newLab()
  const clients: Client[] = []
  for (const one of people) clients.push(await Client.join(lab, one))
  return { lab, clients: clients as [Client, Client, Client] }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a terminal', () => {
  it('is taken by typing into it when it is free, without a line about that', async () => {
    const { lab, clients } = await together(ada, bob)
    const [one, two] = clients
    one.send({ type: 'focus', console: 'desk', draft: '' })
    expect(await ownerOf(lab)).toEqual([null, []])
    one.send({ type: 'focus', console: 'desk', draft: 'e' })
    await ownedBy(two, ada)
    expect((await entered(one, 'echo 1')).output).toBe('1\n')
    expect((await entered(one, 'echo 2')).output).toBe('2\n')
    types(two, 'echo 3')
    expect(await two.next('error')).toMatchObject({
      code: 'terminal-taken',
      message: expect.stringMatching(/^Ada has the terminal desk\./),
    })
    two.send({ type: 'interrupt', console: 'desk' })
    expect(await two.next('error')).toMatchObject({ code: 'terminal-taken' })
    expect((await entered(two, 'echo 4', 'ubuntu-1')).output).toBe('4\n')
    expect(await journal(lab)).toEqual([
      ['exec', 'echo 1', 'Ada'],
      ['exec', 'echo 2', 'Ada'],
      ['exec', 'echo 4', 'Bob'],
    ])
  })

  it('is asked for and given, through a sleep of the object', async () => {
    const { lab, clients } = await together(ada, eve, bob)
    const [one, two, three] = clients
    await entered(one, 'echo 1')
    act(two, 'ask')
    const { state } = await told(one, ({ asking }) => asking.length === 1)
    expect(state.asking[0]).toMatchObject({ id: 'person-eve', name: 'Eve' })
    expect(state.asking[0].left).toBeGreaterThan(0)
    expect(state.asking[0].left).toBeLessThanOrEqual(ASK_PATIENCE)
    await lab.evict()
    expect(await ownerOf(lab)).toEqual(['Ada', ['Eve']])
    await lab.evict()
    types(two, 'echo too early')
    expect(await two.next('error')).toMatchObject({ code: 'terminal-taken' })
    hands(two, 'give', eve)
    expect(await two.next('error')).toMatchObject({ code: 'not-yours' })
    hands(one, 'give', eve)
    for (const client of [one, two, three]) {
      expect(await client.next('terminal')).toMatchObject({ how: 'given', from: { name: 'Ada' }, to: { name: 'Eve' } })
      await ownedBy(client, eve)
    }
    await lab.evict()
    expect((await entered(two, 'echo 2')).output).toBe('2\n')
    types(one, 'echo late')
    expect(await one.next('error')).toMatchObject({ code: 'terminal-taken', message: expect.stringMatching(/^Eve has/) })
    expect(await journal(lab)).toEqual([
      ['exec', 'echo 1', 'Ada'],
      ['owner', 'desk given by person-ada', 'Eve'],
      ['exec', 'echo 2', 'Eve'],
    ])
    expect(expectOk(await lab.replay())).toMatchObject({ same: true })
  })

  it('is refused, and the refusal is said', async () => {
    const { lab, clients } = await together(ada, eve)
    const [one, two] = clients
    await entered(one, 'echo 1')
    act(two, 'ask')
    await told(one, ({ asking }) => asking.length === 1)
    hands(one, 'refuse', eve)
    expect(await two.next('terminal')).toMatchObject({ how: 'refused', from: { name: 'Ada' }, to: { name: 'Eve' } })
    expect(await ownerOf(lab)).toEqual(['Ada', []])
    hands(one, 'refuse', eve)
    expect(await one.next('error')).toMatchObject({ code: 'no-ask' })
    hands(one, 'give', watcher)
    expect(await one.next('error')).toMatchObject({ code: 'not-here' })
    act(two, 'ask')
    await told(one, ({ asking }) => asking.length === 1)
    act(two, 'unask')
    await told(one, ({ asking }) => asking.length === 0)
  })

  it('goes to who asked when its owner neither answers nor types, and stays when they type', async () => {
    const { lab, clients } = await together(ada, eve)
    const [one, two] = clients
    const now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now)
    await entered(one, 'echo 1')
    act(two, 'ask')
    await told(one, ({ asking }) => asking.length === 1)
    clock.mockReturnValue(now + 1_000)
    one.send({ type: 'focus', console: 'desk', draft: 'still' })
    await one.settle()
    clock.mockReturnValue(now + ASK_PATIENCE)
    await lab.evict()
    act(two, 'ask')
    expect(await two.next('terminal')).toMatchObject({ how: 'kept', from: { name: 'Ada' }, to: { name: 'Eve' } })
    await told(two, ({ asking }) => asking.length === 1)
    clock.mockReturnValue(now + 3 * ASK_PATIENCE)
    await lab.evict()
    act(two, 'ask')
    expect(await two.next('terminal')).toMatchObject({ how: 'passed-on', from: { name: 'Ada' }, to: { name: 'Eve' } })
    expect((await entered(two, 'echo mine')).output).toBe('mine\n')
    expect(await journal(lab)).toContainEqual(['owner', 'desk passed-on from person-ada', 'Eve'])
  })

  it('falls free when its owner is gone, has been idle for long, or lets go; who asked has it then', async () => {
    const { lab, clients } = await together(ada, eve, bob)
    const [one, two, three] = clients
    await entered(one, 'echo 1')
    act(two, 'ask')
    await told(three, ({ asking }) => asking.length === 1)
    one.close(1000)
    await ownedBy(three, eve)
    two.close(1000)
    await ownedBy(three, null)
    expect((await entered(three, 'echo 2')).output).toBe('2\n')
    const back = await Client.join(lab, ada)
    types(back, 'echo no')
    expect(await back.next('error')).toMatchObject({ code: 'terminal-taken' })
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + IDLE_OWNER)
    expect((await entered(back, 'echo 3')).output).toBe('3\n')
    clock.mockRestore()
    act(back, 'let-go')
    await ownedBy(three, null)
    act(three, 'take')
    await ownedBy(back, bob)
    expect(await journal(lab)).toEqual([
      ['exec', 'echo 1', 'Ada'],
      ['owner', 'desk passed-on from person-ada', 'Eve'],
      ['exec', 'echo 2', 'Bob'],
      ['exec', 'echo 3', 'Ada'],
      ['owner', 'desk taken', 'Bob'],
    ])
  })

  it('stays with who has another window open', async () => {
    const { lab, clients } = await together(ada, ada, eve)
    const [one, two, three] = clients
    await entered(one, 'echo 1')
    one.close(1000)
    await two.settle()
    types(three, 'echo no')
    expect(await three.next('error')).toMatchObject({ code: 'terminal-taken' })
    expect((await entered(two, 'echo 2')).output).toBe('2\n')
    expect(await ownerOf(lab)).toEqual(['Ada', []])
  })

  it('is taken over by who teaches, and everybody is told; not by students, nor by an assistant from a teacher', async () => {
    const assistant: Caller = { personId: 'person-ann', name: 'Ann', role: 'assistant' }
    const { lab, clients } = await together(ada, bob, assistant)
    const [one, two, three] = clients
    one.send({ type: 'focus', console: 'desk', draft: 'half a li' })
    await ownedBy(two, ada)
    act(two, 'take-over')
    for (const client of [one, two, three]) {
      expect(await client.next('terminal')).toMatchObject({ how: 'taken-over', from: { name: 'Ada' }, to: { name: 'Bob' } })
      expect((await ownedBy(client, bob)).draft).toBe('')
    }
    for (const client of [one, three]) {
      act(client, 'take-over')
      expect(await client.next('error')).toMatchObject({ code: 'not-allowed' })
    }
    act(three, 'ask')
    hands(two, 'give', assistant)
    await ownedBy(three, assistant)
    act(two, 'take-over')
    await ownedBy(three, bob)
    expect((await journal(lab)).map(([, line]) => line)).toEqual([
      'desk taken-over from person-ada',
      'desk given by person-bob',
      'desk taken-over from person-ann',
    ])
  })

  it('is taken over while a line of the other runs, through a sleep: the line stays whose it is, Ctrl-C is the new owner’s', async () => {
    const { lab, clients } = await together(ada, bob)
    const [one, two] = clients
    const long = await entered(one, 'ping -t 192.168.3.1')
    expect(long.status).toBe('running')
    await lab.evict()
    act(two, 'take-over')
    expect(await one.next('terminal')).toMatchObject({ how: 'taken-over', to: { name: 'Bob' } })
    await lab.evict()
    one.send({ type: 'interrupt', console: 'desk' })
    expect(await one.next('error')).toMatchObject({ code: 'terminal-taken' })
    types(one, 'echo mine')
    expect(await one.next('error')).toMatchObject({ code: 'terminal-taken' })
    two.send({ type: 'interrupt', console: 'desk' })
    // Whoever typed it is told how it ended, and nobody else.
    const ended = await one.next('answer', ({ answer }) => answer.job === long.job && answer.status === 'done')
    expect(ended.answer.output).toContain('Control-C')
    expect((await two.settle()).filter(({ type }) => type === 'answer')).toEqual([])
    expect((await entered(two, 'echo 2')).output).toBe('2\n')
    expect(await journal(lab)).toEqual([
      ['exec', 'ping -t 192.168.3.1', 'Ada'],
      ['owner', 'desk taken-over from person-ada', 'Bob'],
      ['interrupt', '', 'Bob'],
      ['exec', 'echo 2', 'Bob'],
    ])
  })

  it('is free when its owner vanishes in the middle of a line, whose rest nobody sees, while what they began goes on', async () => {
    const { lab, clients } = await together(ada, eve)
    const [one, two] = clients
    const long = await entered(one, 'ping -t 192.168.3.1')
    one.send({ type: 'focus', console: 'ubuntu-1', draft: 'rm -rf half a li' })
    await two.next('console', ({ state, draft }) => state.console === 'ubuntu-1' && draft !== '')
    one.close()
    const left = await two.next('console', ({ state }) => state.console === 'ubuntu-1' && state.owner === null)
    expect(left.draft).toBe('')
    expect((await entered(two, 'echo mine', 'ubuntu-1')).output).toBe('mine\n')
    await lab.evict()
    // The line of the other one runs still, and is ended by who has the terminal now.
    expect(expectOk(await lab.job(long.job)).status).toBe('running')
    two.send({ type: 'interrupt', console: 'desk' })
    expect((await entered(two, 'echo free')).output).toBe('free\n')
    expect(expectOk(await lab.job(long.job)).status).toBe('done')
  })

  it('is one person’s when several take it at the same moment, by page and by call', async () => {
    for (let round = 0; round < 5; round++) {
      const { lab, clients } = await together(ada, eve, bob)
      const calls = [lab.exec(command('desk', 'echo by robot'), key), lab.exec(command('desk', 'echo by robot 2'), key)]
      for (const client of clients) act(client, 'take')
      for (const client of clients) types(client, 'echo me')
      await Promise.all(calls)
      const told = await Promise.all(clients.map((client) => client.settle()))
      const answered = told.filter((all) => all.some(({ type }) => type === 'answer'))
      expect(answered).toHaveLength(1)
      const refused = told.filter((all) => all.some((one) => one.type === 'error' && one.code === 'terminal-taken'))
      expect(refused).toHaveLength(2)
      expect((await journal(lab)).filter(([kind]) => kind === 'owner')).toHaveLength(1)
    }
  })

  it('is not given to who has left, nor kept for who asked and has left', async () => {
    const { lab, clients } = await together(ada, eve, bob)
    const [one, two, three] = clients
    await entered(one, 'echo 1')
    act(two, 'ask')
    await told(one, ({ asking }) => asking.length === 1)
    two.close(1000)
    await told(one, ({ asking }) => asking.length === 0)
    hands(one, 'give', eve)
    expect(await one.next('error')).toMatchObject({ code: 'not-here' })
    hands(one, 'refuse', eve)
    expect(await one.next('error')).toMatchObject({ code: 'no-ask' })
    act(one, 'let-go')
    await ownedBy(three, null)
    expect(await ownerOf(lab)).toEqual([null, []])
  })

  it('is not for those who only watch, by role or by choice', async () => {
    const { lab, clients } = await together(ada, watcher, eve)
    const [one, two, three] = clients
    for (const message of ['take', 'ask', 'take-over'] as const) {
      act(two, message)
      expect(await two.next('error')).toMatchObject({ code: 'not-allowed' })
    }
    await entered(one, 'echo 1')
    one.send({ type: 'watch', on: true })
    await ownedBy(three, null)
    expect((await three.next('people', ({ people }) => people.some((who) => who.watching))).people).toContainEqual(
      expect.objectContaining({ name: 'Ada', watching: true }),
    )
    await lab.evict()
    types(one, 'echo no')
    expect(await one.next('error')).toMatchObject({ code: 'watching' })
    one.send({ type: 'hand', action: { action: 'unplug', link: 'desk-ethernet-home' } })
    expect(await one.next('error')).toMatchObject({ code: 'watching' })
    hands(three, 'give', ada)
    expect(await three.next('error')).toMatchObject({ code: 'not-yours' })
    one.send({ type: 'watch', on: false })
    expect((await entered(one, 'echo 2')).output).toBe('2\n')
  })

  it('is taken by a call for the length of its line, and refused to a call while somebody has it', async () => {
    const { lab, clients } = await together(ada)
    const [one] = clients
    expectOk(await lab.exec(command('desk', 'echo by robot'), key))
    expect(await ownerOf(lab)).toEqual([null, []])
    await entered(one, 'echo 1')
    const refused = await lab.exec(command('desk', 'echo 2'), key)
    expect(refused).toMatchObject({ ok: false, status: 409, code: 'terminal-taken', field: 'console' })
    expect(await lab.interrupt('desk', key)).toMatchObject({ ok: false, code: 'terminal-taken' })
    // As whom it is called counts, not how.
    const mine = command('desk', 'echo 3')
    expectOk(await lab.exec(mine, ada))
    act(one, 'let-go')
    await ownedBy(one, null)

    const long = expectOk(await lab.exec(command('desk', 'ping -t 192.168.3.1'), key))
    expect(long.status).toBe('running')
    await lab.evict()
    expect(await ownerOf(lab)).toEqual(['robot', []])
    one.send({ type: 'interrupt', console: 'desk' })
    expect(await one.next('error')).toMatchObject({ code: 'terminal-taken', message: expect.stringMatching(/^robot has/) })
    expect(expectOk(await lab.exec(mine, ada))).toMatchObject({ repeated: true })
    expectOk(await lab.interrupt('desk', key))
    expect(expectOk(await lab.job(long.job)).status).toBe('done')
    expect((await entered(one, 'echo 4')).output).toBe('4\n')
  })
})
