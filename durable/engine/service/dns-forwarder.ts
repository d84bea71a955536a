// Passing questions on to another server (RFC 5625).
import { SECOND } from '../sim/time.ts'
import type { IpAddress } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import type { DnsCache } from './dns-cache.ts'
import type { Job, Jobs } from './dns-job.ts'
import { isPlain, type PlainRecord } from './dns-stored.ts'

const TIMEOUT = SECOND
const ROUNDS = 3

/** What the server does with the outcome of a job. */
export type Finish = (
  job: Job,
  result: {
    readonly rcode: number
    readonly answers: readonly PlainRecord[]
    readonly authorities: readonly PlainRecord[]
    readonly truncated?: boolean
  },
) => void

export const FAILED = { rcode: dns.SERVFAIL, answers: [], authorities: [] } as const

export class Forwarder {
  private readonly jobs: Jobs
  private readonly cache: DnsCache
  private readonly upstream: (name: string) => readonly IpAddress[]
  private readonly finish: Finish
  private readonly asked: (job: Job) => void

  constructor(
    jobs: Jobs,
    cache: DnsCache,
    upstream: (name: string) => readonly IpAddress[],
    finish: Finish,
    asked: (job: Job) => void = () => {},
  ) {
    this.jobs = jobs
    this.cache = cache
    this.upstream = upstream
    this.finish = finish
    this.asked = asked
  }

  /** Asks the next server. The list is read anew each time, so that a change of network is followed at once. */
  begin(job: Job): void {
    const servers = this.upstream(job.target)
    while (job.attempt < ROUNDS * servers.length && job.failures < servers.length) {
      const server = servers[job.attempt++ % servers.length]
      // A late answer of any server that was asked is as good as another: the identifier stays.
      const repeats = job.servers.length > 0
      if (!job.servers.includes(server)) job.servers = [...job.servers, server]
      if (this.jobs.ask(job, server, repeats, true, (job.asker?.udpSize ?? 0) > 0, TIMEOUT)) return this.asked(job)
      job.failures++
    }
    this.finish(job, FAILED)
  }

  timeout(job: Job): void {
    this.begin(job)
  }

  /** The server cannot be reached. */
  failed(job: Job): void {
    job.failures++
    this.begin(job)
  }

  answered(job: Job, answer: dns.Dns, now: number): void {
    if (answer.rcode !== dns.NOERROR && answer.rcode !== dns.NXDOMAIN) return this.failed(job)
    const answers = answer.answers.filter(isPlain)
    const authorities = answer.authorities.filter(isPlain)
    if (!answer.truncated) {
      this.cache.learn(answers, '', now)
      const end = endOf(answers, job.target)
      const soa = authorities.find((r) => r.type === 'SOA')
      if (answer.rcode === dns.NXDOMAIN) this.cache.learnMissing(end, '', soa, now)
      else if (!answers.some((r) => dns.sameName(r.name, end))) this.cache.learnMissing(end, job.type, soa, now)
    }
    this.finish(job, { rcode: answer.rcode, answers, authorities, truncated: answer.truncated })
  }
}

/** Where the aliases of an answer lead. */
export function endOf(answers: readonly PlainRecord[], from: string): string {
  let name = from
  for (let n = 0; n <= answers.length; n++) {
    const alias = answers.find((r) => r.type === 'CNAME' && dns.sameName(r.name, name))
    if (alias?.type !== 'CNAME') break
    name = alias.target
  }
  return name
}
