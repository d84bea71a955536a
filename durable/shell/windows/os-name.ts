import type { Identity } from '../../engine/machine/views.ts'

const SERVERS: readonly (readonly [from: number, year: number])[] = [
  [26_100, 2025],
  [20_348, 2022],
  [17_763, 2019],
  [0, 2016],
]

/** The name of the product: `Microsoft Windows 11 Pro`. */
export const osName = ({ build, server }: Pick<Identity, 'build' | 'server'>): string =>
  server
    ? `Microsoft Windows Server ${SERVERS.find(([from]) => build >= from)?.[1]} Datacenter`
    : `Microsoft Windows ${build >= 22_000 ? 11 : 10} Pro`
