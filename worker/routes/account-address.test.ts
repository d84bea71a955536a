import { describe, expect, it } from 'vitest'
import { db as d1, logged, newOrganisation, origin, problemOf, service, signIn } from '../../test/worker/service.ts'
import { randomId } from '../auth/tokens.ts'
import { TestMailer } from '../mail/test-mailer.ts'

// An e-mail address counts when it is proved: by a letter, and by whoever has given it.

const password = 'correct horse battery'
const newAddress = () => `${randomId()}@school.test`

async function school({ letters = true } = {}) {
  const mailer = new TestMailer()
  const { request } = service(letters ? { MAILER: mailer } : {})
  const organisation = await newOrganisation()
  const ask = (headers: Record<string, string>, method: string, path: string, json?: unknown) =>
    request(path, { method, json, headers: { origin, ...headers } })
  const enters = async (email: string, word = password) =>
    (await ask({}, 'POST', '/auth/password', { email, password: word })).status === 200
  const person = async (role: 'owner' | 'student' = 'student') => {
    const headers = await signIn(organisation, role)
    return {
      ask: (method: string, path: string, json?: unknown) => ask(headers, method, path, json),
      prove: (token: string) => ask(headers, 'POST', '/v1/account/address/proof', { token }),
      account: async () =>
        (await (await ask(headers, 'GET', '/v1/account')).json()) as {
          email: string | null
          verified: boolean
          unproved: string | null
        },
    }
  }
  const tokenOf = (to: string) => {
    const letter = mailer.sent.findLast((one) => one.to === to)
    return /\/account\/address#(\S+)/.exec(letter?.text ?? '')?.[1] ?? 'no-letter'
  }
  return { mailer, ask, enters, person, tokenOf, organisation }
}

describe('an address', () => {
  it('that somebody gives with a password signs in when its letter was opened, by them, once', async () => {
    const { person, enters, tokenOf, mailer } = await school()
    const [ann, ben] = [await person(), await person()]
    const email = newAddress()
    expect((await ann.ask('POST', '/v1/account/password', { email, password })).status).toBe(202)
    expect(mailer.sent.map(({ to }) => to)).toEqual([email])
    expect(await ann.account()).toMatchObject({ email: null, unproved: email })
    expect(await enters(email)).toBe(false)
    const token = tokenOf(email)
    // Whoever reads the mailbox is not yet who gave the address.
    expect((await problemOf(await ben.prove(token))).code).toBe('link-over')
    expect((await ann.prove(token)).status).toBe(200)
    expect(await ann.account()).toMatchObject({ email, verified: true, unproved: null })
    expect(await enters(email)).toBe(true)
    expect((await problemOf(await ann.prove(token))).code).toBe('link-over')
    const rows = await d1.prepare('select * from address_proof').all()
    expect(JSON.stringify(rows.results)).not.toContain(token)
    expect(logged.join('\n')).not.toContain(token)
  })

  it('is replaced by a proved one of whoever knows the password; until then the old one stays, and it is told', async () => {
    const { person, enters, tokenOf, mailer } = await school()
    const [ann, ben] = [await person(), await person()]
    const [first, second] = [newAddress(), newAddress()]
    await ann.ask('POST', '/v1/account/password', { email: first, password })
    await ann.prove(tokenOf(first))
    const wrong = await problemOf(await ann.ask('POST', '/v1/account/address', { email: second, password: 'not this one' }))
    expect(wrong).toMatchObject({ status: 403, field: 'password' })
    expect((await ann.ask('POST', '/v1/account/address', { email: second, password })).status).toBe(202)
    expect([await enters(first), await enters(second)]).toEqual([true, false])
    expect((await ann.prove(tokenOf(second))).status).toBe(200)
    expect([await enters(first), await enters(second)]).toEqual([false, true])
    expect(mailer.sent.at(-1)).toMatchObject({ to: first, subject: 'Your e-mail address on Switchroom was changed' })
    // Somebody else who has it too, as in a shared mailbox, does not take it away.
    await ben.ask('POST', '/v1/account/password', { email: second, password: 'another long one' })
    expect((await problemOf(await ben.prove(tokenOf(second)))).code).toBe('address-taken')
    expect([await enters(second), await enters(second, 'another long one')]).toEqual([true, false])
  })

  it('given where no letters are sent is a name beside a password, and yields to who proves it', async () => {
    const quiet = await school({ letters: false })
    const email = newAddress()
    const squatter = await quiet.person()
    expect((await problemOf(await squatter.ask('POST', '/v1/account/address', { email }))).code).toBe('no-mail')
    expect((await squatter.ask('POST', '/v1/account/password', { email, password })).status).toBe(204)
    expect(await squatter.account()).toMatchObject({ email, verified: false })
    expect(await quiet.enters(email)).toBe(true)

    const { ask, person, enters, tokenOf, mailer } = await school()
    await ask({}, 'POST', '/auth/mail', { email })
    expect(mailer.sent).toEqual([])
    const ann = await person()
    await ann.ask('POST', '/v1/account/password', { email, password: 'the real owner has it' })
    expect(await enters(email)).toBe(true)
    expect((await ann.prove(tokenOf(email))).status).toBe(200)
    expect([await enters(email), await enters(email, 'the real owner has it')]).toEqual([false, true])
    expect(await squatter.account()).toMatchObject({ email: null, verified: false })
  })

  it('typed into an invitation that went elsewhere is proved first; the person is in, with a code to come back', async () => {
    const { ask, person, enters, mailer } = await school()
    const owner = await person('owner')
    const [sentTo, typed] = [newAddress(), newAddress()]
    await owner.ask('POST', '/v1/invitations', { role: 'student', email: sentTo })
    const token = /#(\S+)/.exec(mailer.sent[0].text)?.[1]
    const accepted = await ask({}, 'POST', '/auth/invitation/accept', { token, name: 'Ann', email: typed, password })
    expect(accepted.status).toBe(201)
    expect(((await accepted.json()) as { returnCode: string | null }).returnCode).not.toBeNull()
    expect(await enters(typed)).toBe(false)
    expect(mailer.sent.at(-1)?.to).toBe(typed)
  })
})
