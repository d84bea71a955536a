import type { Context } from 'hono'
import { type Db, openDatabase } from '../db/database.ts'
import { countTry, forgetTries, triesOf } from '../db/throttle.ts'
import type { AppEnv } from '../env.ts'
import { log } from '../log.ts'
import { Problem } from '../problem.ts'
import { sha256 } from './tokens.ts'

const MINUTE = 60_000

/**
 * Failed tries that are let through in a window, for one account and for one network address. A school is one address: its
 * number leaves room for classes that mistype. What can be guessed is either long (keys, links, codes) or has an account.
 */
const rules = {
  password: { window: 15 * MINUTE, account: 8, address: 120 },
  mail: { window: 15 * MINUTE, account: 4, address: 200 },
  code: { window: 10 * MINUTE, account: 0, address: 200 },
  link: { window: 10 * MINUTE, account: 0, address: 200 },
  key: { window: MINUTE, account: 0, address: 60 },
  /** People who are made by joining: the code of a course is on a whiteboard, and whoever has it could fill an organisation. */
  arrive: { window: 60 * MINUTE, account: 0, address: 1_000 },
  operator: { window: 15 * MINUTE, account: 0, address: 5 },
} as const
export type Tried = keyof typeof rules

/** Addresses that this isolate knows to be over their number, so that a flood costs the database nothing. */
const blocked = new Map<string, number>()
const MOST_REMEMBERED = 10_000

/** The address that the edge saw; of IPv6 the /64, which is what one customer has. Null: nothing stands between us and them. */
function network(c: Context): string | null {
  const address = c.req.header('cf-connecting-ip')
  if (address === undefined) return null
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address
}

function tooMany(until: number, now: number): Problem {
  const seconds = Math.max(1, Math.ceil((until - now) / 1000))
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`
  const detail = `There were too many failed tries. Try again in ${wait}.`
  return new Problem(429, 'too-many-tries', detail, {}, { 'retry-after': String(seconds) })
}

function refuseKnown(subject: string | null, now: number): void {
  const until = subject === null ? undefined : blocked.get(subject)
  if (subject === null || until === undefined) return
  if (until > now) throw tooMany(until, now)
  blocked.delete(subject)
}

async function count(db: Db, what: Tried, subject: string, limit: number, now: number): Promise<void> {
  refuseKnown(subject, now)
  const { tries, until } = await countTry(db, subject, rules[what].window, now)
  if (tries > limit) throw remembered(what, subject, until, now)
}

function remembered(what: Tried, subject: string, until: number, now: number): Problem {
  if (blocked.size >= MOST_REMEMBERED) blocked.clear()
  blocked.set(subject, until)
  log.warn('slowed', { what })
  return tooMany(until, now)
}

async function subjects(c: Context, what: Tried, account: string | null) {
  const from = network(c)
  return {
    account: account === null ? null : `${what}:account:${await sha256(account.trim().toLowerCase())}`,
    address: from === null ? null : `${what}:address:${await sha256(from)}`,
  }
}

/** What an address is at in this isolate. A whole school may sign in at the same moment, but not guess all at once. */
const underWay = new Map<string, number>()
const MOST_AT_ONCE = 400

async function refuseOver(db: Db, what: Tried, address: string, now: number): Promise<void> {
  refuseKnown(address, now)
  const { tries, until } = await triesOf(db, address, rules[what].window, now)
  if (tries >= rules[what].address) throw remembered(what, address, until, now)
  if ((underWay.get(address) ?? 0) < MOST_AT_ONCE) return
  const detail = 'Many sign in from your network at this moment. Try again in a few seconds.'
  throw new Problem(429, 'too-many-tries', detail, {}, { 'retry-after': '5' })
}

/**
 * Runs a try that gives null when it fails. Failures add up over all places where the Worker runs; what succeeds does not count. For an
 * account a try counts before it is made, so that many at once count too; for an address afterwards, so that a class
 * in which all get it right at the same moment is not taken for one that guesses.
 */
export async function slowed<T>(c: Context<AppEnv>, what: Tried, account: string | null, attempt: () => Promise<T | null>) {
  const db = openDatabase(c.env.DB)
  const now = Date.now()
  const who = await subjects(c, what, account)
  const { address } = who
  if (address !== null) await refuseOver(db, what, address, now)
  if (who.account !== null) await count(db, what, who.account, rules[what].account, now)
  if (address !== null) underWay.set(address, (underWay.get(address) ?? 0) + 1)
  try {
    const result = await attempt()
    if (result === null && address !== null) await countTry(db, address, rules[what].window, now)
    if (result !== null && who.account !== null && what !== 'mail') await forgetTries(db, who.account)
    return result
  } finally {
    const left = address === null ? 0 : (underWay.get(address) ?? 1) - 1
    if (address !== null && left > 0) underWay.set(address, left)
    else if (address !== null) underWay.delete(address)
  }
}

/** For what is asked with every request: an address that is over its number is not even looked up for. */
export async function refuseSlowed(c: Context<AppEnv>, what: Tried): Promise<void> {
  if (blocked.size === 0) return
  refuseKnown((await subjects(c, what, null)).address, Date.now())
}

/** One more person is made from this address. */
export async function countArrival(c: Context<AppEnv>): Promise<void> {
  const { address } = await subjects(c, 'arrive', null)
  if (address === null) return
  const now = Date.now()
  const { tries, until } = await countTry(openDatabase(c.env.DB), address, rules.arrive.window, now)
  if (tries <= rules.arrive.address) return
  const minutes = Math.max(1, Math.ceil((until - now) / MINUTE))
  const detail = `Very many people have joined from your network within the hour. Try again in ${minutes} minutes, or ask your teacher to add you.`
  throw new Problem(429, 'too-many-tries', detail, {}, { 'retry-after': String(minutes * 60) })
}

/** A failure without the counting of those that succeed. */
export async function failed(c: Context<AppEnv>, what: Tried): Promise<void> {
  const { address } = await subjects(c, what, null)
  if (address !== null) await count(openDatabase(c.env.DB), what, address, rules[what].address, Date.now())
}
