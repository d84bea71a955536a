// Questions about what happened in a lab: `parseQuery('packet(arp) before packet(icmp)')`, then `runQuery(query, history)`.
export { formatQuery } from './format.ts'
export { parseQuery } from './parse.ts'
export type {
  Answer,
  Change,
  ChangeEvent,
  CommandEvent,
  Comparison,
  Event,
  Evidence,
  History,
  JournalLine,
  PacketEvent,
  Query,
} from './query.ts'
export { runQuery } from './run.ts'
