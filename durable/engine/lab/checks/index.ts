import { dnsServer, hasAddress, hasRoute } from './addressing.ts'
import { answer, namesFault } from './answer.ts'
import { all, any, atLeast, during, not, survives } from './combined.ts'
import { connection } from './connection.ts'
import type { CheckContext, Finding, Verb } from './context.ts'
import type { CheckDefinition, CheckVerb } from './definition.ts'
import { firewall, nat } from './gates.ts'
import { hasLease } from './has-lease.ts'
import { commandUsed, history, packetOrder, packetSeen, packets } from './looking-back.ts'
import { shownAmong } from './moment.ts'
import { path } from './path.ts'
import { acl, adapter, virtualSwitch, vlan } from './ports.ts'
import { prints } from './prints.ts'
import { property } from './property.ts'
import { reaches } from './reaches.ts'
import { resolves } from './resolves.ts'
import { connects, fetches } from './streams.ts'
import { moved, neighbor, socket, table } from './tables.ts'
import { unchanged } from './unchanged.ts'

/** Every verb there is, by its kind. */
export const verbs: { readonly [K in CheckVerb['kind']]: Verb<K> } = {
  'has-address': hasAddress,
  'has-lease': hasLease,
  'has-route': hasRoute,
  'dns-server': dnsServer,
  neighbor,
  socket,
  connection,
  adapter,
  switch: virtualSwitch,
  vlan,
  acl,
  nat,
  firewall,
  property,
  table,
  moved,
  unchanged,
  reaches,
  connects,
  fetches,
  resolves,
  path,
  prints,
  'command-used': commandUsed,
  'packet-seen': packetSeen,
  packets,
  'packet-order': packetOrder,
  history,
  answer,
  'names-fault': namesFault,
  all,
  any,
  not,
  'at-least': atLeast,
  survives,
  during,
}

export function runVerb(check: CheckDefinition, context: CheckContext): Finding {
  const verb = verbs[check.verb.kind] as Verb<CheckVerb['kind']> | undefined
  if (verb === undefined) return { couldNotRun: 'This kind of check is not known.' }
  const finding = verb(check.verb as never, context, check)
  // What was seen in a copy has numbers of that copy only.
  if (context.fork !== true || 'couldNotRun' in finding || finding.trial === true || !finding.packets?.length) return finding
  return { ...finding, trial: true, shown: shownAmong(context.seen(), context.lab.vantages, finding.packets) }
}
