// The families of addresses that transports run over: an explicit list, one line each.
import type { IpAddress } from '../wire/addresses.ts'
import type { IpFamily } from './transport.ts'
import { ip4 } from './transport-ip4.ts'
import { ip6 } from './v6/transport-ip6.ts'

const families: { readonly 4: IpFamily; readonly 6: IpFamily } = { 4: ip4, 6: ip6 }

/** Undefined: this stack does not speak it. */
export const familyOf = (address: IpAddress): IpFamily | undefined => (typeof address === 'number' ? families[4] : families[6])
