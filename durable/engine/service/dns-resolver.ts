// Walking the tree of names from the root (RFC 1034 section 5.3.3).
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import type { IpAddress } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import type { DnsCache } from './dns-cache.ts'
import { endOf, FAILED, type Finish } from './dns-forwarder.ts'
import type { Job, Jobs } from './dns-job.ts'
import { isPlain, type PlainRecord } from './dns-stored.ts'
import { isUnder, parentOf } from './dns-zone.ts'

const TIMEOUT = SECOND
/** Tries of all servers of a zone, and queries for one question, those for servers' addresses included. */
const ROUNDS = 2
const MAX_TRIES = 6
const MAX_STEPS = 40
const MAX_DEPTH = 5

export class Resolver {
  private readonly jobs: Jobs
  private readonly cache: DnsCache
  private readonly roots: readonly IpAddress[]
  private readonly finish: Finish
  private readonly now: () => Micros

  constructor(jobs: Jobs, cache: DnsCache, roots: readonly IpAddress[], finish: Finish, now: () => Micros) {
    this.jobs = jobs
    this.cache = cache
    this.roots = roots
    this.finish = finish
    this.now = now
  }

  /** From what is known: the answer, or the closest servers. */
  begin(job: Job): void {
    const known = this.cache.find(job.target, job.type, this.now())
    if (known !== undefined) {
      job.answers.push(...known.answers)
      if (known.missing === '') return this.finish(job, { ...known, answers: job.answers })
      job.target = known.missing
    }
    const { zone, names, servers } = this.closest(job.target)
    this.approach(job, zone, servers, names)
  }

  private closest(target: string): { zone: string; names: string[]; servers: IpAddress[] } {
    const now = this.now()
    for (let zone: string | undefined = dns.canonical(target); zone !== undefined && zone !== ''; zone = parentOf(zone)) {
      const records = this.cache.get(zone, 'NS', now)?.records ?? []
      const names = records.flatMap((r) => (r.type === 'NS' ? [r.target] : []))
      const servers = names.flatMap((name) => this.addresses(name))
      // Servers named inside their own zone whose addresses are forgotten cannot be found from here.
      const findable = names.filter((name) => !isUnder(dns.canonical(name), zone as string))
      if (servers.length > 0 || findable.length > 0) return { zone, names: findable, servers }
    }
    return { zone: '', names: [], servers: [...this.roots] }
  }

  private addresses(name: string): IpAddress[] {
    const records = this.cache.get(dns.canonical(name), 'A', this.now())?.records ?? []
    return records.flatMap((r) => (r.type === 'A' ? [r.address] : []))
  }

  private approach(job: Job, zone: string, servers: readonly IpAddress[], names: readonly string[]): void {
    job.zone = zone
    job.servers = servers
    job.names = names
    job.attempt = 0
    this.next(job)
  }

  /** The next server of the zone; when none has a known address, the address of the next one is looked for. */
  private next(job: Job): void {
    const { servers } = job
    while (job.attempt < Math.min(MAX_TRIES, ROUNDS * servers.length)) {
      if (++job.steps > MAX_STEPS) return this.finish(job, FAILED)
      if (this.jobs.ask(job, servers[job.attempt++ % servers.length], false, false, true, TIMEOUT)) return
    }
    const [name, ...others] = job.names
    if (name === undefined || this.depth(job) >= MAX_DEPTH) return this.finish(job, FAILED)
    job.names = others
    job.due = NEVER
    job.server = 0
    this.begin(this.jobs.add(undefined, job, name, 'A'))
  }

  private depth(job: Job): number {
    let depth = 0
    for (let at: Job | undefined = job; at !== undefined && at.parent !== 0; at = this.jobs.all.get(at.parent)) depth++
    return depth
  }

  /** A question of our own has an answer: the addresses of a server. */
  resume(parent: Job, steps: number, answers: readonly PlainRecord[]): void {
    parent.steps = steps
    const servers = answers.flatMap((r) => (r.type === 'A' ? [r.address] : []))
    this.approach(parent, parent.zone, servers, parent.names)
  }

  timeout(job: Job): void {
    this.next(job)
  }

  failed(job: Job): void {
    this.next(job)
  }

  answered(job: Job, answer: dns.Dns, now: Micros): void {
    if (answer.rcode !== dns.NOERROR && answer.rcode !== dns.NXDOMAIN) return this.next(job)
    const inside = (r: PlainRecord) => isUnder(dns.canonical(r.name), job.zone)
    const answers = answer.answers.filter(isPlain).filter(inside)
    const authorities = answer.authorities.filter(isPlain).filter(inside)
    const additionals = answer.additionals.filter(isPlain)
    const end = endOf(answers, job.target)
    const soa = authorities.find((r) => r.type === 'SOA')
    if (answer.authoritative || answers.length > 0) this.cache.learn(answers, job.zone, now)
    if (answer.rcode === dns.NXDOMAIN) {
      this.cache.learnMissing(end, '', soa, now)
      return this.finish(job, {
        rcode: dns.NXDOMAIN,
        answers: [...job.answers, ...chain(answers, job.target)],
        authorities: soa ? [soa] : [],
      })
    }
    const found = answers.some(
      (r) => dns.sameName(r.name, end) && (dns.typeName(dns.recordTypeCode(r)) === job.type || job.type === 'ANY'),
    )
    if (found) return this.finish(job, { rcode: dns.NOERROR, answers: [...job.answers, ...answers], authorities: [] })
    if (!dns.sameName(end, job.target)) return this.follow(job, answers, end)
    const servers = authorities.filter((r) => r.type === 'NS')
    if (soa !== undefined || (answer.authoritative && servers.length === 0)) {
      this.cache.learnMissing(end, job.type, soa, now)
      return this.finish(job, { rcode: dns.NOERROR, answers: job.answers, authorities: soa ? [soa] : [] })
    }
    this.descend(job, servers, additionals, now)
  }

  private follow(job: Job, answers: readonly PlainRecord[], end: string): void {
    job.answers.push(...chain(answers, job.target))
    job.target = end
    if (++job.steps > MAX_STEPS || job.answers.length > 32) return this.finish(job, FAILED)
    this.begin(job)
  }

  /** A referral must lead closer to the name, else the server is lame. */
  private descend(job: Job, servers: readonly PlainRecord[], additionals: readonly PlainRecord[], now: Micros): void {
    const zone = dns.canonical(servers[0]?.name ?? '')
    if (zone.length <= job.zone.length || !isUnder(dns.canonical(job.target), zone)) return this.next(job)
    const names = servers.flatMap((r) => (r.type === 'NS' && dns.canonical(r.name) === zone ? [r.target] : []))
    const glue = additionals.filter((r) => r.type === 'A' && names.some((name) => dns.sameName(name, r.name)))
    this.cache.learn(servers, job.zone, now)
    this.cache.learn(glue, job.zone, now)
    const addresses = glue.flatMap((r) => (r.type === 'A' && isUnder(dns.canonical(r.name), job.zone) ? [r.address] : []))
    const known = addresses.length > 0 ? addresses : names.flatMap((name) => this.addresses(name))
    this.approach(
      job,
      zone,
      known,
      names.filter((name) => !glue.some((r) => dns.sameName(r.name, name))),
    )
  }
}

/** The aliases that lead from a name, in their order. */
function chain(answers: readonly PlainRecord[], from: string): PlainRecord[] {
  const found: PlainRecord[] = []
  let name = from
  for (let n = 0; n < answers.length; n++) {
    const alias = answers.find((r) => r.type === 'CNAME' && dns.sameName(r.name, name))
    if (alias?.type !== 'CNAME' || found.includes(alias)) break
    found.push(alias)
    name = alias.target
  }
  return found
}
