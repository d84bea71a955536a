// ethtool: what an adapter says of itself. A Hyper-V guest's has the driver hv_netvsc.

import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { linkNamed } from '../ip/kernel-links.ts'

export const ethtool: Command = {
  name: 'ethtool',
  summary: 'link state, driver, features and counters of an adapter',
  usage: 'ethtool [-i | -k | -S | -P] DEVNAME',
  completions: ['-i', '-k', '-S', '-P'],
  run: instant(runEthtool),
}

const FEATURES = `rx-checksumming: off [fixed]
tx-checksumming: off
\ttx-checksum-ipv4: off [fixed]
\ttx-checksum-ip-generic: off [fixed]
\ttx-checksum-ipv6: off [fixed]
scatter-gather: off
tcp-segmentation-offload: off
generic-segmentation-offload: off [requested on]
generic-receive-offload: off
large-receive-offload: off [fixed]
rx-vlan-offload: off [fixed]
tx-vlan-offload: off [fixed]
ntuple-filters: off [fixed]
receive-hashing: off [fixed]
`

function runEthtool(args: readonly string[], io: Io): number {
  const [first, second] = args
  if (first === undefined) {
    io.err('ethtool: bad command line argument(s)\n')
    return 1
  }
  const option = first.startsWith('-') ? first : ''
  const name = option === '' ? first : second
  const long: { readonly [word: string]: string } = {
    '--driver': '-i',
    '--show-features': '-k',
    '--show-offload': '-k',
    '--statistics': '-S',
    '--show-permaddr': '-P',
  }
  const what = long[option] ?? option
  if (what !== '' && !['-i', '-k', '-S', '-P'].includes(what)) {
    if (/^-[aAcCgGeEKlLmnNpqQrstTuUwWxXzZ]$/.test(what)) io.err(notSimulated(`ethtool ${what}`))
    else io.err(`ethtool: bad command line argument(s) ${option}\n`)
    return 1
  }
  if (name === undefined) {
    io.err('ethtool: bad command line argument(s)\n')
    return 1
  }
  const link = linkNamed(io, name)
  if (!link) {
    if (what === '-i') io.err('Cannot get driver information: No such device\n')
    else io.err('netlink error: no device matches name (offset 24)\nnetlink error: No such device\n')
    return what === '-i' ? 71 : 1
  }
  const soft = link.kind !== 'ether'
  const driver = soft ? (link.kind === 'vlan' ? '802.1Q VLAN Support' : link.kind) : 'hv_netvsc'
  if (what === '-i') {
    io.out(
      `driver: ${driver}\nversion: ${soft ? '1.0' : '6.8.0-31-generic'}\nfirmware-version: N/A\nexpansion-rom-version: \nbus-info: ${soft ? '' : `vmbus`}\nsupports-statistics: ${soft && link.kind !== 'veth' ? 'no' : 'yes'}\nsupports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n`,
    )
    return 0
  }
  if (what === '-P') {
    io.out(`Permanent address: ${link.permanentMac === '' ? 'not set' : link.permanentMac}\n`)
    return 0
  }
  if (what === '-k') {
    io.out(`Features for ${name}:\n${FEATURES}`)
    return 0
  }
  if (what === '-S') {
    if (soft) {
      io.err('no stats available\n')
      return 94
    }
    const { counters: c } = link
    io.out(
      `NIC statistics:\n     tx_scattered: 0\n     tx_no_memory: 0\n     tx_no_space: 0\n     tx_too_big: 0\n     tx_busy: 0\n     tx_send_full: 0\n     rx_comp_busy: 0\n     rx_no_memory: 0\n     stop_queue: 0\n     wake_queue: 0\n     tx_queue_0_packets: ${c.sentPackets}\n     tx_queue_0_bytes: ${c.sentBytes}\n     rx_queue_0_packets: ${c.receivedPackets}\n     rx_queue_0_bytes: ${c.receivedBytes}\n`,
    )
    return 0
  }
  const speed = link.running && link.speed > 0 ? `${link.speed / 1_000_000}Mb/s` : 'Unknown!'
  const lines =
    link.kind === 'loopback'
      ? []
      : [
          `\tSpeed: ${speed}`,
          `\tDuplex: ${link.running && link.speed > 0 ? 'Full' : 'Unknown! (255)'}`,
          '\tAuto-negotiation: off',
          '\tPort: Other',
          '\tPHYAD: 0',
          '\tTransceiver: internal',
        ]
  io.out(
    `Settings for ${name}:\n${lines.length > 0 ? `\tSupported ports: [  ]\n\tSupported link modes:   Not reported\n\tSupported pause frame use: No\n\tSupports auto-negotiation: No\n\tSupported FEC modes: Not reported\n\tAdvertised link modes:  Not reported\n\tAdvertised pause frame use: No\n\tAdvertised auto-negotiation: No\n\tAdvertised FEC modes: Not reported\n${lines.join('\n')}\n` : ''}\tLink detected: ${link.running ? 'yes' : 'no'}\n`,
  )
  return 0
}
