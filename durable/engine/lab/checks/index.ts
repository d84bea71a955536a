import type { CheckContext, Finding } from './context.ts'
import type { CheckDefinition } from './definition.ts'
import { hasLease } from './has-lease.ts'
import { prints } from './prints.ts'
import { reaches } from './reaches.ts'
import { resolves } from './resolves.ts'
import { commandUsed, moved, neighbor, packetSeen, socket } from './tables.ts'

/** Every verb there is, by its kind. */
export function runVerb(check: CheckDefinition, context: CheckContext): Finding {
  const { verb } = check
  switch (verb.kind) {
    case 'has-lease':
      return hasLease(verb, context, check)
    case 'reaches':
      return reaches(verb, context, check)
    case 'resolves':
      return resolves(verb, context, check)
    case 'neighbor':
      return neighbor(verb, context, check)
    case 'socket':
      return socket(verb, context, check)
    case 'command-used':
      return commandUsed(verb, context, check)
    case 'packet-seen':
      return packetSeen(verb, context, check)
    case 'prints':
      return prints(verb, context, check)
    case 'moved':
      return moved(verb, context, check)
    default:
      verb satisfies never
      return { couldNotRun: 'This kind of check is not known.' }
  }
}
