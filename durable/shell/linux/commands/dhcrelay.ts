import type { DhcpRelayArgs } from '../../../engine/machine/daemons/dhcp-relay.ts'
import { linuxMac } from '../format.ts'
import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { listedInterfaces } from '../links.ts'
import { forward } from '../names.ts'
import { runUnit } from '../run-unit.ts'

export const dhcrelay: Command = {
  name: 'dhcrelay',
  summary: 'carries what DHCP clients say to a server on another network',
  usage: 'dhcrelay [-d] [-q] [-c HOPS] [-i INTERFACE]... [-iu INTERFACE]... [-id INTERFACE]... SERVER...',
  completions: ['-d', '-q', '-i', '-iu', '-id', '-c'],
  run: runDhcrelay,
}

const BANNER = `Internet Systems Consortium DHCP Relay Agent 4.4.3-P1
Copyright 2004-2022 Internet Systems Consortium.
All rights reserved.
For info, please visit https://www.isc.org/software/dhcp/
`
const USAGE = `Usage: dhcrelay [-4] [-d] [-q] [-a] [-D]
                     [-A <length>] [-c <hops>] [-p <port>]
                     [-pf <pid-file>] [--no-pid]
                     [-m append|replace|forward|discard]
                     [-i interface0 [ ... -i interfaceN]
                     [-iu interface0 [ ... -iu interfaceN]
                     [-id interface0 [ ... -id interfaceN]
                     [-U interface] [-g <ip-address>]
                     server0 [ ... serverN]

       dhcrelay -6   [-d] [-q] [-I] [-c <hops>] [-p <port>]
                     [-pf <pid-file>] [--no-pid]
                     [-s <subscriber-id>]
                     -l lower0 [ ... -l lowerN]
                     -u upper0 [ ... -u upperN]
           lower (client link): [address%]interface[#index]
           upper (server link): [address%]interface

       dhcrelay {--version|--help|-h}
`
const LAST_WORDS = `
If you think you have received this message due to a bug rather
than a configuration issue please read the section on submitting
bugs on either our web page at www.isc.org or in the README file
before submitting a bug.  These pages explain the proper
process and the information we find helpful for debugging.

exiting.
`
const REAL = ['-6', '-a', '-A', '-D', '-m', '-p', '-U', '-g', '-I', '-l', '-u', '-s']
const WAYS = { '-i': 'upstream: Y downstream: Y', '-iu': 'upstream: Y downstream: N', '-id': 'upstream: N downstream: Y' }

function* runDhcrelay(args: readonly string[], io: Io): Run {
  const words: Record<'-i' | '-iu' | '-id' | 'servers', string[]> = { '-i': [], '-iu': [], '-id': [], servers: [] }
  let [foreground, quiet] = [false, false]
  let hops: number | undefined
  let said = ''
  const banner = (): string => `${said}${BANNER}`
  const fail = (text: string): number => {
    if (!quiet) io.err(`${banner()}${text}\n${LAST_WORDS}`)
    return 1
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const value = args[i + 1]
    if (word === '-4' || word === '--no-pid') continue
    if (word === '-d') foreground = true
    else if (word === '-q') quiet = true
    else if (word === '--version') {
      io.err('isc-dhcrelay-4.4.3-P1\n')
      return 0
    } else if (word === '--help' || word === '-h') {
      io.err(USAGE)
      return 0
    } else if (word === '-i' || word === '-iu' || word === '-id' || word === '-c' || word === '-pf') {
      if (value === undefined) return fail(`No argument for command: ${word}\n${USAGE.trimEnd()}`)
      i++
      if (word === '-c') {
        hops = Number(value)
        if (!Number.isInteger(hops) || hops < 0 || hops > 255) return fail(`${value}: bad hop count to -c`)
      } else if (word !== '-pf') {
        words[word].push(value)
        said += `Requesting: ${value} as ${WAYS[word]}\n`
      }
    } else if (REAL.includes(word)) {
      io.err(notSimulated(`dhcrelay: option ${word}`))
      return 1
    } else if (word.startsWith('-')) return fail(`Unknown command: ${word}\n${USAGE.trimEnd()}`)
    else words.servers.push(word)
  }
  const [both, up, down] = [words['-i'], words['-iu'], words['-id']]
  const links = listedInterfaces(io)
  const servers: string[] = []
  for (const server of words.servers) {
    const found = yield* forward(io, server)
    if (found.kind === 'found') servers.push(found.addresses[0] ?? '')
    else io.err(`${server}: host unknown\n`)
  }
  if (servers.length === 0) return fail('No servers specified.')
  for (const name of [...both, ...up, ...down])
    if (!links.some((link) => link.name === name)) return fail('Failed to get interface index: No such device')
  if (!io.root) return fail('Open a socket for LPF: Operation not permitted')
  if (io.kernel.units().some((unit) => unit.name === 'isc-dhcp-relay' && unit.state === 'active'))
    return fail("Can't bind to dhcp address: Address already in use")
  const asked = [...both, ...up, ...down]
  const used =
    asked.length === 0
      ? links.filter((link) => link.kind !== 'loopback')
      : asked.flatMap((name) => links.filter((link) => link.name === name))
  if (!quiet) {
    io.err(banner())
    for (const link of used.toReversed())
      io.err(`Listening on LPF/${link.name}/${linuxMac(link.mac)}\nSending on   LPF/${link.name}/${linuxMac(link.mac)}\n`)
    io.err('Sending on   Socket/fallback\n')
  }
  const setup: DhcpRelayArgs = {
    servers,
    interfaces: [...both, ...down],
    ...(up.length === 0 ? {} : { upstream: [...both, ...up] }),
    ...(hops === undefined ? {} : { hops }),
  }
  const print = (_: string, text: string): void => {
    if (text.startsWith('Forwarded')) io.err(`${text}\n`)
  }
  const refused = yield* runUnit(io, 'isc-dhcp-relay', setup, foreground ? print : undefined)
  return refused === undefined ? 0 : fail(refused)
}
