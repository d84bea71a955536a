// System calls about netfilter, kernel parameters and the system's configuration.

import type { Connection } from '../../ip/netfilter/conntrack.ts'
import { copyTables } from '../../ip/netfilter/netfilter.ts'
import { TCP_STATES } from '../../ip/netfilter/tcp-track.ts'
import type { Tuple } from '../../ip/netfilter/tuple.ts'
import { SECOND } from '../../sim/time.ts'
import { formatIp } from '../../wire/addresses.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { bridgeCalls } from './bridge-calls.ts'
import { linkCalls } from './link-calls.ts'
import type { ConnectionView, LinuxCalls } from './linux-views.ts'
import { routeCalls } from './route-calls.ts'
import { routeCalls6 } from './route6-calls.ts'
import type { LinuxSystem } from './system.ts'

/** Rules of one table: a lab has no use for more. */
const MAX_RULES = 2000

export function linuxCalls(machine: Machine, linux: LinuxSystem): LinuxCalls {
  const { policy, netfilter } = linux
  const { sim } = machine
  return {
    ...linkCalls(machine, linux),
    ...bridgeCalls(machine, linux),
    ...routeCalls(machine, linux),
    ...routeCalls6(machine, linux),
    parameters: () => policy.keys().map((key) => [key, policy.get(key) ?? '']),
    parameter: (key) => policy.get(key) ?? null,
    setParameter: (key, value) => policy.set(key, value),
    tables: () => copyTables(netfilter.tables),
    replaceTable: (table) => {
      if (table.chains.reduce((sum, chain) => sum + chain.rules.length, 0) > MAX_RULES) return failed('in-use', 'Too many rules')
      netfilter.replace(copyTables([table])[0] ?? table)
      return OK
    },
    connections: () => netfilter.conntrack.live(sim.now).map((connection) => connectionView(connection, sim.now)),
    deleteConnections: (matching) => {
      const wanted = new Set(matching.map((view) => JSON.stringify(view.original)))
      let gone = 0
      for (const connection of netfilter.conntrack.live(sim.now)) {
        if (!wanted.has(JSON.stringify(connectionView(connection, sim.now).original))) continue
        netfilter.conntrack.remove(connection)
        gone++
      }
      sim.touch(netfilter)
      return gone
    },
    kernelLog: () => netfilter.log.map((entry) => ({ ...entry })),
    applyNetplan: () => linux.apply() ?? null,
  }
}

function connectionView(connection: Connection, now: number): ConnectionView {
  const four = (tuple: Tuple) => [formatIp(tuple.src), formatIp(tuple.dst), tuple.sport, tuple.dport] as const
  return {
    protocol: connection.original.protocol,
    seconds: Math.max(0, Math.floor((connection.expires - now) / SECOND)),
    state: connection.original.protocol === ipv4.TCP ? (TCP_STATES[connection.state] ?? '') : '',
    original: four(connection.original),
    reply: four(connection.reply),
    replied: connection.seenReply,
    assured: connection.assured,
    mark: connection.mark,
  }
}
