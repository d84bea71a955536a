// The states of a connection (RFC 9293 section 3.3.2). The numbers are stored: append only.
export const CLOSED = 0
export const LISTEN = 1
export const SYN_SENT = 2
export const SYN_RECEIVED = 3
export const ESTABLISHED = 4
export const FIN_WAIT_1 = 5
export const FIN_WAIT_2 = 6
export const CLOSE_WAIT = 7
export const CLOSING = 8
export const LAST_ACK = 9
export const TIME_WAIT = 10

export type State = number

/** As RFC 9293 writes them; shells turn them into their own system's words. */
const NAMES = [
  'CLOSED',
  'LISTEN',
  'SYN_SENT',
  'SYN_RECEIVED',
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
] as const

export type StateName = (typeof NAMES)[number]
export const stateName = (state: State): StateName => NAMES[state] as StateName

/** We may still send new octets. */
export const maySend = (state: State): boolean => state === ESTABLISHED || state === CLOSE_WAIT
/** The other side may still send us new octets. */
export const mayReceive = (state: State): boolean => state === ESTABLISHED || state === FIN_WAIT_1 || state === FIN_WAIT_2
