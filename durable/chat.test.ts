import { afterEach, describe, expect, it, vi } from 'vitest'
import { MOST_MESSAGES, RATE } from './chat.ts'
import type { Caller } from './contract.ts'
import { ada, bob, Client, command, expectOk, newLab } from './test-support.ts'

const eve: Caller = { personId: 'person-eve', name: 'Eve', role: 'student' }
const watcher: Caller = { personId: 'person-will', name: 'Will', role: 'observer' }
const everything = { before: Number.MAX_SAFE_INTEGER, limit: 100 }
const said = (client: Client) => client.next('chat', ({ whole }) => whole !== true)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the chat beside a lab', () => {
  it('comes to everybody in one order, says who and when, and is there for who comes later', async () => {
    const lab = await newLab()
    const [one, two] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    expectOk(await lab.exec(command('desk', 'echo x'), ada))
    one.send({ type: 'say', text: '<b>hello</b>\r\nthere' })
    expect((await said(two)).messages).toMatchObject([
      { id: 1, by: { id: 'person-ada', name: 'Ada', role: 'student' }, text: '<b>hello</b>\nthere', line: 1, removedBy: null },
    ])
    await lab.evict()
    two.send({ type: 'say', text: 'hi' })
    one.send({ type: 'say', text: 'again' })
    const order = [(await said(one)).messages[0], (await said(one)).messages[0], (await said(one)).messages[0]].map(
      ({ text }) => text,
    )
    expect([...order].sort()).toEqual(['<b>hello</b>\nthere', 'again', 'hi'])
    const late = await Client.connect(lab, watcher)
    late.send({ type: 'hello', packetsAfter: -1, visible: true })
    const { messages } = await late.next('chat', ({ whole }) => whole === true)
    expect(messages.map(({ text }) => text)).toEqual(order)
    // Beside the lab: going back does not touch it, and no file has it.
    expectOk(await lab.rewind({ line: 0, force: true }, bob))
    expectOk(await lab.reset(bob))
    expect(expectOk(await lab.chat(everything)).messages).toHaveLength(3)
    expect(expectOk(await lab.journal({ after: 0, limit: 9 })).some(({ line }) => line.includes('hello'))).toBe(false)
  })

  it('has no room for what is no text, too long, or too fast', async () => {
    const lab = await newLab()
    const one = await Client.join(lab, ada)
    one.send({ type: 'say', text: 'x'.repeat(1_001) })
    expect(await one.next('error')).toMatchObject({ code: 'bad-message' })
    one.send({ type: 'say', text: ' \u202e\u0007 ' })
    expect(await one.next('error')).toMatchObject({ code: 'empty-message' })
    for (let n = 0; n < RATE.most; n++) one.send({ type: 'say', text: `\u202e${n}\u0000` })
    await lab.evict()
    one.send({ type: 'say', text: 'one more' })
    expect(await one.next('error')).toMatchObject({ code: 'too-fast' })
    const { messages } = expectOk(await lab.chat(everything))
    expect(messages.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4'])
    expect(await lab.say('by a call', ada)).toMatchObject({ ok: false, status: 429 })
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + RATE.within + 1)
    expectOk(await lab.say('by a call', ada))
  })

  it('is not for observers', async () => {
    const lab = await newLab()
    const looking = await Client.join(lab, watcher)
    looking.send({ type: 'say', text: 'hi' })
    expect(await looking.next('error')).toMatchObject({ code: 'not-allowed' })
    looking.send({ type: 'unsay', message: 1 })
    expect(await looking.next('error')).toMatchObject({ code: 'not-allowed' })
  })

  it('loses what is removed: by who said it, or who teaches', async () => {
    const lab = await newLab()
    const [one, two, three] = [await Client.join(lab, ada), await Client.join(lab, bob), await Client.join(lab, eve)]
    one.send({ type: 'say', text: 'rude' })
    one.send({ type: 'say', text: 'mistaken' })
    await said(one)
    await said(one)
    three.send({ type: 'unsay', message: 1 })
    expect(await three.next('error')).toMatchObject({ code: 'not-allowed' })
    two.send({ type: 'unsay', message: 1 })
    one.send({ type: 'unsay', message: 2 })
    await three.next('chat', ({ messages }) => messages[0]?.removedBy === 'Bob' && messages[0].text === '')
    await three.next('chat', ({ messages }) => messages[0]?.removedBy === 'Ada')
    two.send({ type: 'unsay', message: 7 })
    expect(await two.next('error')).toMatchObject({ code: 'no-message' })
    expect(expectOk(await lab.chat(everything)).messages.map(({ text }) => text)).toEqual(['', ''])
  })

  it('keeps the newest, in pages', async () => {
    const lab = await newLab()
    let now = Date.now()
    vi.spyOn(Date, 'now').mockImplementation(() => (now += RATE.within))
    for (let n = 1; n <= MOST_MESSAGES + 5; n++) expectOk(await lab.say(`${n}`, ada))
    const newest = expectOk(await lab.chat(everything))
    expect([newest.messages.length, newest.more, newest.messages.at(-1)?.text]).toEqual([100, true, `${MOST_MESSAGES + 5}`])
    const oldest = expectOk(await lab.chat({ before: 100, limit: 100 }))
    expect([oldest.messages[0].text, oldest.more]).toEqual(['6', false])
  })

  it('gives one person what they said, and forgets it', async () => {
    const lab = await newLab()
    const [one, two] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    expectOk(await lab.say('mine', ada))
    const { id } = expectOk(await lab.say('theirs', eve))
    expectOk(await lab.unsay(id, bob))
    one.send({ type: 'terminal', console: 'desk', act: 'take' })
    await two.next('console', ({ state }) => state.owner !== null)
    expect(expectOk(await lab.messagesOf('person-ada')).map(({ text }) => text)).toEqual(['mine'])
    await two.settle()
    expect(expectOk(await lab.eraseMessages('person-ada'))).toBe(1)
    expect((await two.next('chat', ({ whole }) => whole === true)).messages.map(({ by }) => by.name)).toEqual(['Eve'])
    expect(expectOk(await lab.eraseMessages('person-bob'))).toBe(0)
    expect(expectOk(await lab.chat(everything)).messages).toMatchObject([{ by: { name: 'Eve' }, removedBy: '' }])
  })
})

it('who came by a link that has ended hears nothing more, says nothing, and keeps nothing', async () => {
  const lab = await newLab()
  const until = Date.now() + 60_000
  const guest = await Client.join(lab, { ...eve, until })
  const host = await Client.join(lab, ada)
  guest.send({ type: 'exec', console: 'desk', line: 'echo guest', clientId: 'by-the-guest' })
  await guest.next('answer')
  await guest.settle()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(until)
  // The guest speaks first: what they say is not heard, and they are gone.
  guest.send({ type: 'exec', console: 'desk', line: 'echo too late', clientId: 'after-the-end-1' })
  while (!guest.closed) await guest.something()
  expect(guest.closed).toEqual({ code: 1008, reason: 'the invitation has ended' })
  expect(guest.received).toEqual([])
  expect((await host.next('people', ({ people }) => people.length === 1)).people.map(({ name }) => name)).toEqual(['Ada'])
  host.send({ type: 'exec', console: 'desk', line: 'echo free', clientId: 'after-the-end-2' })
  expect((await host.next('answer')).answer.output).toBe('free\n')
  expect(expectOk(await lab.journal({ after: 0, limit: 10 })).map(({ line }) => line)).toEqual(['echo guest', 'echo free'])
  // Nor is anybody waited for who could not answer.
  host.send({ type: 'rewind', line: 1 })
  await host.next('reset')
  clock.mockRestore()
})

it('a person whose invitation ends is not here any more', async () => {
  const lab = await newLab()
  const until = Date.now() + 60_000
  const one = await Client.connect(lab, { ...eve, until })
  one.send({ type: 'hello', packetsAfter: -1, visible: true })
  const { left } = await one.next('welcome')
  expect(left).toBeGreaterThan(0)
  one.send({ type: 'terminal', console: 'desk', act: 'take' })
  const two = await Client.join(lab, ada)
  await lab.evict()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(until)
  two.send({ type: 'exec', console: 'desk', line: 'echo free', clientId: 'after-the-end' })
  expect((await two.next('answer')).answer.output).toBe('free\n')
  while (!one.closed) await one.something()
  expect(one.closed).toEqual({ code: 1008, reason: 'the invitation has ended' })
  expect(one.received.some((message) => message.type === 'output')).toBe(false)
  clock.mockRestore()
})
