/** As worker/quotas/limits.ts calls them, and as people do. */
export const limitNames: readonly (readonly [string, string])[] = [
  ['labs', 'Labs'],
  ['machines', 'Machines'],
  ['liveHours', 'Live hours a month'],
  ['bytes', 'At rest, GiB'],
  ['requestsPerMinute', 'Requests a minute'],
  ['personLabs', 'Labs of a person'],
  ['personMachines', 'Machines of a person'],
  ['personLiveHours', 'Live hours a month of a person'],
  ['personBytes', 'At rest of a person, GiB'],
  ['personRequestsPerMinute', 'Requests a minute of a person'],
]

const GIB = 1024 ** 3

/** Bytes are typed in GiB. */
export const unitOf = (key: string): number => (/bytes/i.test(key) ? GIB : 1)

export const limitText = (key: string, value = 0): string =>
  (value / unitOf(key)).toLocaleString('en', { maximumFractionDigits: 2 })
