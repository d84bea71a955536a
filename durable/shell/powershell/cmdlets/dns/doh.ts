// Servers of DNS over HTTPS that Windows knows: five companies' by itself, and what people add. Queries here go on over UDP and TCP.
import { parseAddress } from '../../../../engine/wire/addresses.ts'
import type { Bound, Call, Cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom, chosenOf, cim, classTarget, refusal, systemError } from '../cim.ts'
import { acting } from '../kept/verbs.ts'
import { netOf } from '../windows-net.ts'

const NOUN = 'DnsClientDohServerAddress'
const CLASS = 'MSFT_DNSClientDohServerAddress'
const base = { module: 'DnsClient', className: CLASS } as const

/** Of a fresh Windows 11. */
const KNOWN: readonly (readonly [template: string, addresses: readonly string[]])[] = [
  ['https://dns.quad9.net/dns-query', ['149.112.112.112', '9.9.9.9', '2620:fe::9', '2620:fe::fe']],
  ['https://dns.google/dns-query', ['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844']],
  ['https://cloudflare-dns.com/dns-query', ['1.1.1.1', '1.0.0.1', '2606:4700:4700::1111', '2606:4700:4700::1001']],
]

type Server = { readonly address: string; readonly template: string; readonly fallback: boolean; readonly upgrade: boolean }

function servers(call: Call): Server[] {
  const kept = netOf(call).keptItems(NOUN)
  const made = kept.map(({ name, props }) => ({
    address: name,
    template: String(props['DohTemplate'] ?? ''),
    fallback: props['AllowFallbackToUdp'] === true,
    upgrade: props['AutoUpgrade'] === true,
    gone: props['Removed'] === true,
  }))
  const known = KNOWN.flatMap(([template, addresses]) =>
    addresses.map((address): Server => ({ address, template, fallback: false, upgrade: false })),
  )
  return [...known.filter(({ address }) => !made.some((one) => one.address === address)), ...made.filter(({ gone }) => !gone)]
}

const shown = (one: Server): PsObject =>
  cim(
    CLASS,
    {
      ServerAddress: one.address,
      AllowFallbackToUdp: one.fallback,
      AutoUpgrade: one.upgrade,
      DohTemplate: one.template,
    },
    one.address,
  )

const filters = { ServerAddress: 'ServerAddress' } as const

/** False: an error was told. */
function keep(call: Call, one: Server, removed = false): boolean {
  const done = netOf(call).putKept(NOUN, {
    name: one.address,
    store: 'PersistentStore',
    props: { DohTemplate: one.template, AllowFallbackToUdp: one.fallback, AutoUpgrade: one.upgrade, Removed: removed },
  })
  if (!done.ok) call.error(refusal(done, classTarget(CLASS)))
  return done.ok
}

/** What the line says of a server; undefined: an error was told. */
function changed(call: Call, bound: Bound, old: Server): Server | undefined {
  const template = bound.text('DohTemplate') ?? old.template
  if (parseAddress(old.address) === undefined || !/^https:\/\/[\w.-]+(:\d+)?\//i.test(template)) {
    call.error(systemError('The parameter is incorrect. ', 87, classTarget(CLASS)))
    return undefined
  }
  if (bound.flag('AutoUpgrade')) call.warn('DNS over HTTPS is kept and shown, but queries here go on over UDP and TCP.')
  return {
    ...old,
    template,
    fallback: bound.has('AllowFallbackToUdp') ? bound.flag('AllowFallbackToUdp') : old.fallback,
    upgrade: bound.has('AutoUpgrade') ? bound.flag('AutoUpgrade') : old.upgrade,
  }
}

const LIMIT = 'Kept and listed; queries here go on over UDP and TCP.'

export const dohCmdlets: readonly Cmdlet[] = [
  acting(`Get-${NOUN}`, base, 'Gets the servers of DNS over HTTPS that this computer knows.', function* (call, bound) {
    for (const one of chooseFrom(call, bound, CLASS, servers(call).map(shown), filters, 'key')) yield* call.emit(one)
  }),
  acting(`Add-${NOUN}`, base, `Adds a server of DNS over HTTPS. ${LIMIT}`, function* (call, bound) {
    const address = bound.text('ServerAddress') ?? ''
    const there = servers(call).some((one) => one.address.toLowerCase() === address.toLowerCase())
    const made = changed(call, bound, { address, template: '', fallback: false, upgrade: false })
    if (made === undefined) return
    if (there) return call.error(refusal({ ok: false, error: 'exists' }, classTarget(CLASS)))
    if (keep(call, made)) yield* call.emit(shown(made))
  }),
  acting(`Set-${NOUN}`, base, `Changes a server of DNS over HTTPS. ${LIMIT}`, function* (call, bound) {
    const shows = bound.flag('PassThru')
    for (const one of chosenOf(call, bound, CLASS, servers(call).map(shown), filters, 'key')) {
      const old = servers(call).find(({ address }) => address === text(property(one, 'ServerAddress') ?? ''))
      const made = old && changed(call, bound, old)
      if (made !== undefined && keep(call, made) && shows) yield* call.emit(shown(made))
    }
  }),
  acting(`Remove-${NOUN}`, base, 'Removes a server of DNS over HTTPS.', function* (call, bound) {
    const shows = bound.flag('PassThru')
    for (const one of chosenOf(call, bound, CLASS, servers(call).map(shown), filters, 'key')) {
      const address = text(property(one, 'ServerAddress') ?? '')
      const own = servers(call).find((each) => each.address === address)
      const known = KNOWN.some(([, addresses]) => addresses.includes(address))
      if (own === undefined) continue
      const gone = known ? keep(call, own, true) : netOf(call).removeKept(NOUN, address, 'PersistentStore').ok
      if (gone && shows) yield* call.emit(one)
    }
  }),
]
