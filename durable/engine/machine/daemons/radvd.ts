// radvd: a Linux machine that says it is an IPv6 router (RFC 4861 section 6.2), rightly or not.

import { firstAdvertisement, lastAdvertisement, startAdvertising } from '../../ip/v6/advertise.ts'
import type { Interface6 } from '../../ip/v6/interface6.ts'
import type { Json } from '../../sim/json.ts'
import { formatAddress, type Ip6, networkOf6, parseAddress, parseCidr6 } from '../../wire/addresses.ts'
import type { Daemon, DaemonHost } from './daemon.ts'

const FILE = '/etc/radvd.conf'
/** What radvd.conf(5) says of what is left out, in seconds. */
const [LIFETIME, VALID, PREFERRED] = [1800, 86_400, 14_400]

type Prefix = { readonly prefix: string; readonly length: number; readonly valid: number; readonly preferred: number }
type Said = {
  readonly name: string
  readonly send: boolean
  readonly lifetime: number
  readonly managed: boolean
  readonly other: boolean
  readonly mtu: number
  readonly prefixes: readonly Prefix[]
  readonly dnsServers: readonly string[]
  readonly domains: readonly string[]
}
type Args = { readonly interfaces: readonly Said[] }

export function startRadvd(host: DaemonHost, args: Json | undefined): Daemon | string {
  const { machine } = host
  const read = args === undefined ? readConfig(machine.files.read(FILE)) : (args as unknown as Args)
  if (typeof read === 'string') return read
  const speaking: Interface6[] = []
  for (const said of read.interfaces) {
    const via = machine.stack.byName(said.name)
    const i6 = via && machine.ip6.interfaces.get(via.index)
    if (i6 === undefined) {
      if (!host.restoring) host.log(`${said.name} not found: No such device`)
      continue
    }
    if (!said.send) continue
    i6.advertising = {
      prefixes: said.prefixes.map(({ prefix, length, valid, preferred }) => ({
        prefix: ip6Of(prefix),
        length,
        valid,
        preferred,
      })),
      lifetime: said.lifetime,
      managed: said.managed,
      other: said.other,
      dnsServers: said.dnsServers.map(ip6Of),
      domains: said.domains,
      mtu: said.mtu,
    }
    speaking.push(i6)
    if (host.restoring) continue
    if (!i6.forwarding) host.log('IPv6 forwarding setting is: 0, should be 1 or 2')
    if (i6.linkLocal === undefined) host.log(`no linklocal address configured on ${said.name}`)
    startAdvertising(machine.ip6, i6)
    if (i6.linkLocal?.state === 'preferred') firstAdvertisement(machine.ip6, i6)
  }
  if (!host.restoring) host.log('version 2.19 started')
  return {
    args: read as unknown as Json,
    close: () => {
      for (const i6 of speaking) {
        lastAdvertisement(machine.ip6, i6)
        i6.advertising = undefined
      }
    },
  }
}

const ip6Of = (text: string): Ip6 => parseAddress(text) as Ip6

/** Words, braces and semicolons; `#` begins a comment. */
const tokensOf = (text: string): string[] => text.replace(/#[^\n]*/g, '').match(/[{};]|[^\s{};]+/g) ?? []

/** The file as it is meant, or what radvd says of it. */
function readConfig(text: string | undefined): Args | string {
  if (text === undefined) return `can't open ${FILE}: No such file or directory`
  const tokens = tokensOf(text)
  let at = 0
  const fault = (): string => `error parsing or activating the config file: ${FILE}, near "${tokens[at] ?? 'the end'}"`
  const interfaces: Said[] = []
  while (at < tokens.length) {
    if (tokens[at] !== 'interface' || tokens[at + 2] !== '{') return fault()
    const name = tokens[at + 1] as string
    at += 3
    const options = new Map<string, string>()
    const prefixes: Prefix[] = []
    let [dnsServers, domains]: string[][] = [[], []]
    while (at < tokens.length && tokens[at] !== '}') {
      const word = tokens[at] as string
      const values: string[] = []
      for (at++; at < tokens.length && !/^[{};]$/.test(tokens[at] as string); at++) values.push(tokens[at] as string)
      const inner = new Map<string, string>()
      if (tokens[at] === '{') {
        for (at++; at < tokens.length && tokens[at] !== '}'; at += 3) {
          if (tokens[at + 2] !== ';') return fault()
          inner.set(tokens[at] as string, tokens[at + 1] as string)
        }
        at++
      }
      if (word === 'prefix') {
        const parsed = parseCidr6(values[0] ?? '')
        if (parsed === undefined) return fault()
        const prefix = formatAddress(networkOf6(parsed.address, parsed.prefixLength))
        const valid = secondsOf(inner.get('AdvValidLifetime'), VALID)
        const preferred = secondsOf(inner.get('AdvPreferredLifetime'), PREFERRED)
        if (preferred > valid) return `AdvValidLifetime must be greater than AdvPreferredLifetime in ${FILE}`
        prefixes.push({ prefix, length: parsed.prefixLength, valid, preferred })
      } else if (word === 'RDNSS') {
        if (values.some((value) => typeof parseAddress(value) !== 'bigint')) return fault()
        dnsServers = values
      } else if (word === 'DNSSL') domains = values
      else if (values.length === 1) options.set(word, values[0] as string)
      else return fault()
      if (tokens[at] !== ';') return fault()
      at++
    }
    if (tokens[at] !== '}' || tokens[at + 1] !== ';') return fault()
    at += 2
    const on = (option: string): boolean => options.get(option) === 'on'
    interfaces.push({
      name,
      send: on('AdvSendAdvert'),
      lifetime: secondsOf(options.get('AdvDefaultLifetime'), LIFETIME),
      managed: on('AdvManagedFlag'),
      other: on('AdvOtherConfigFlag'),
      mtu: secondsOf(options.get('AdvLinkMTU'), 0),
      prefixes,
      dnsServers,
      domains,
    })
  }
  return { interfaces }
}

function secondsOf(text: string | undefined, otherwise: number): number {
  if (text === 'infinity') return 0xffffffff
  return text !== undefined && /^\d{1,10}$/.test(text) ? Math.min(Number(text), 0xffffffff) : otherwise
}
