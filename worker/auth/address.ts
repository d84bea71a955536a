import type { Context } from 'hono'
import { openDatabase } from '../db/database.ts'
import { askForProof, linkIdentity, useProof, userOfPerson } from '../db/identities.ts'
import type { AppEnv } from '../env.ts'
import { mailerOf } from '../mail/mail.ts'
import { Problem } from '../problem.ts'
import { openProver } from './open-prover.ts'
import { slowed } from './throttle.ts'
import { randomToken, sha256 } from './tokens.ts'

const LIVES_MS = 24 * 3_600_000

type Who = { readonly id: string; readonly name: string }

export const taken = () => new Problem(409, 'address-taken', 'Somebody here has this e-mail address.', { field: 'email' })
const originOf = (c: Context) => new URL(c.req.url).origin

/**
 * Sends a letter to an address that somebody has given. Nothing is changed until its link comes back from a browser in which they are
 * signed in: who reads that mailbox and who has given the address must be one. False: no letters are sent from here, so that
 * nothing can be proved; a link that were shown instead would prove the address of anybody.
 */
export async function sendProof(c: Context<AppEnv>, who: Who, email: string, password?: string): Promise<boolean> {
  const mailer = mailerOf(c.env)
  if (mailer === null) return false
  const db = openDatabase(c.env.DB)
  const token = randomToken()
  const now = Date.now()
  // Every letter counts, as those with sign-in links do.
  await slowed(c, 'mail', email, async () => null)
  const passwordHash = password === undefined ? null : await (await openProver(c.env, db, originOf(c))).hash(password)
  await askForProof(db, {
    tokenHash: await sha256(token),
    personId: who.id,
    email: email.toLowerCase(),
    passwordHash,
    createdAt: now,
    expiresAt: now + LIVES_MS,
  })
  const text = `${who.name.replace(/\s+/g, ' ')} wants to sign in to Switchroom with this address.\n\nIf that is you, open this link within a day, in the browser in which you are signed in:\n\n${originOf(c)}/account/address#${token}\n\nIf it is not, do nothing.\n`
  if (!(await mailer.send({ to: email, subject: 'Your e-mail address on Switchroom', text })))
    throw new Problem(503, 'mail-failed', 'The letter could not be sent. Nothing was changed.', {}, { 'retry-after': '60' })
  return true
}

/** The link of the letter has come back: the address is theirs. It, or null when the link is not theirs or is over. */
export async function takeProof(c: Context<AppEnv>, who: Who, token: string): Promise<string | null> {
  const db = openDatabase(c.env.DB)
  const now = Date.now()
  const hash = await sha256(token)
  const found = await slowed(c, 'link', null, async () => (await useProof(db, hash, who.id, now)) ?? null)
  if (found === null) return null
  const prover = await openProver(c.env, db, originOf(c))
  const { email, passwordHash } = found
  const user = await userOfPerson(db, who.id)
  if (user === undefined) {
    const made = await prover.makeUser({ email, name: who.name, verified: true, ...(passwordHash !== null && { passwordHash }) })
    if (made === null || !(await linkIdentity(db, made.userId, who.id, now))) throw taken()
    return email
  }
  if (!(await prover.changeAddress(user.userId, email))) throw taken()
  if (user.verified && user.email !== email) {
    const text = `Your account on Switchroom has another e-mail address now, and this one does not sign in to it any more.\n\nIf you did not want that, tell whoever teaches you, at once.\n`
    const sent = mailerOf(c.env)?.send({ to: user.email, subject: 'Your e-mail address on Switchroom was changed', text })
    if (sent !== undefined) c.executionCtx.waitUntil(sent)
  }
  return email
}
