// What ifupdown runs for each way to be configured (inet.defn, inet6.defn of ifupdown 0.8): lines for a shell.
import { broadcastOf, formatIp, maskOf, parseIp, prefixOf } from '../../../engine/wire/addresses.ts'
import type { Stanza } from './file.ts'

/** `quiet`: printed, and nothing comes of it here. `dns`: servers that its scripts hand to the resolver. */
export type Line = { readonly text: string; readonly quiet?: true; readonly dns?: readonly string[] }

const line = (text: string): Line => ({ text })
const shown = (text: string): Line => ({ text, quiet: true })

export type Values = ReadonlyMap<string, string>

/** The options by name, with those that follow from others. */
export function valuesOf({ family, method, options }: Stanza): Values {
  const values = new Map<string, string>()
  for (const [name, value] of options) if (name !== 'up' && name !== 'down') values.set(name, value)
  if (method !== 'static') return values
  const [address = '', length] = (values.get('address') ?? '').split('/')
  if (address !== '') values.set('address', address)
  if (family === 'inet6') {
    const more = { autoconf: '0', 'preferred-lifetime': '', 'dad-attempts': '60', 'dad-interval': '0.1' }
    for (const [name, value] of Object.entries(more)) if (!values.has(name)) values.set(name, value)
    values.set('netmask', values.get('netmask') ?? length ?? '64')
    values.set('accept_ra', values.get('accept_ra') ?? '0')
    return values
  }
  const bits = lengthOf(length ?? values.get('netmask'))
  const ip = parseIp(address)
  if (bits === undefined || ip === undefined) return values
  if (!values.has('broadcast')) values.set('broadcast', formatIp(broadcastOf(ip, bits)))
  values.set('netmask', formatIp(maskOf(bits)))
  return values
}

function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,2}$/.test(text) && Number(text) <= 32) return Number(text)
  const bits = prefixOf(parseIp(text) ?? 1)
  return bits < 0 ? undefined : bits
}

/** What a static interface must say and does not. */
export const missing = (stanza: Stanza): string | undefined =>
  stanza.method === 'static' && !valuesOf(stanza).has('address') ? 'address' : undefined

const optional = (word: string, value: string | undefined): string => (value === undefined ? '' : ` ${word} ${value}`)
const hardware = (values: Values): string => optional('address', values.get('hwaddress')?.replace(/^ether\s+/, ''))
const linkUp = (name: string, values: Values): Line =>
  line(`ip link set dev ${name}${optional('mtu', values.get('mtu'))}${hardware(values)} up`)

function inetAddress(verb: 'add' | 'del', name: string, values: Values): string {
  const mask = values.get('netmask')
  const broadcast = values.get('broadcast')
  return `ip addr ${verb} ${values.get('address')}${mask === undefined ? '' : `/${mask}`}${optional('broadcast', broadcast)} \t${optional('scope', values.get('scope'))}  dev ${name} label ${name}`
}

const dhclient = (name: string, release: string): Line =>
  line(
    `dhclient -4 -v -i${release} -pf /run/dhclient.${name}.pid -lf /var/lib/dhcp/dhclient.${name}.leases -I -df /var/lib/dhcp/dhclient6.${name}.leases ${name}`,
  )

const MODPROBE = [shown('modprobe -q net-pf-10 > /dev/null 2>&1 || true # ignore failure.'), shown('')]

export function upLines(stanza: Stanza): Line[] {
  const { name, family, method } = stanza
  const values = valuesOf(stanza)
  const gateway = values.get('gateway')
  const metric = optional('metric', values.get('metric'))
  if (method === 'loopback') return family === 'inet' ? [line(`ip link set dev ${name} up`)] : [...MODPROBE]
  if (family === 'inet') {
    if (method === 'dhcp') return [shown(''), dhclient(name, '')]
    if (method === 'manual') return [linkUp(name, values)]
    return [
      line(inetAddress('add', name, values)),
      linkUp(name, values),
      ...(gateway === undefined ? [] : [line(` ip route add default via ${gateway} ${metric} dev ${name} onlink `)]),
    ]
  }
  // Without word of a router nothing is made of it, with one it always is: the second parameter says nothing more here.
  const sysctl = (key: string, value: string) => {
    const text = `sysctl -q -e -w net.ipv6.conf.${name}.${key}=${value}`
    return key === 'autoconf' ? shown(text) : line(text)
  }
  if (method === 'auto')
    return [...MODPROBE, sysctl('accept_ra', values.get('accept_ra') ?? '2'), sysctl('autoconf', '1'), linkUp(name, values)]
  if (method === 'manual') return [...MODPROBE, linkUp(name, values)]
  return [
    ...MODPROBE,
    sysctl('accept_ra', values.get('accept_ra') ?? '0'),
    sysctl('autoconf', values.get('autoconf') ?? '0'),
    shown(''),
    shown(`ip addr flush dev ${name} mngtmpaddr`),
    linkUp(name, values),
    line(`ip -6 addr add ${values.get('address')}/${values.get('netmask')}  dev ${name} `),
    ...(gateway === undefined ? [] : [line(` ip -6 route replace default via ${gateway} ${metric} dev ${name} onlink `)]),
  ]
}

export function downLines(stanza: Stanza): Line[] {
  const { name, family, method } = stanza
  const values = valuesOf(stanza)
  const gateway = values.get('gateway')
  const down = line(`ip link set dev ${name} down`)
  if (method === 'loopback') return family === 'inet' ? [down] : []
  if (family === 'inet') {
    if (method === 'dhcp') return [shown(''), dhclient(name, ' -r'), down]
    if (method === 'manual') return [down]
    return [
      ...(gateway === undefined ? [] : [line(` ip route del default via ${gateway}  dev ${name} 2>&1 1>/dev/null || true `)]),
      line(inetAddress('del', name, values)),
      line(`ip -4 addr flush dev ${name}`),
      down,
    ]
  }
  if (method !== 'static') return [down]
  return [
    ...(gateway === undefined ? [] : [line(` ip -6 route del default via ${gateway}  dev ${name} `)]),
    line(`ip -6 addr del ${values.get('address')}/${values.get('netmask')}  dev ${name}`),
    line(`ip -6 addr flush dev ${name}`),
    down,
  ]
}
