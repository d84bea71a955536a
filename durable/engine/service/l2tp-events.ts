// What a VPN connection tells the programs that watch it.
export type VpnEvent =
  | { readonly kind: 'progress'; readonly step: 'connecting' | 'authenticating' | 'registering' }
  | { readonly kind: 'connected'; readonly address: string }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'failed'; readonly code: number; readonly reason: string }

/** RAS error codes. */
export const FAILURES = {
  unreachable: { code: 800, reason: 'the remote connection was not made because the attempted VPN tunnels failed' },
  silent: { code: 809, reason: 'the remote server is not responding' },
  denied: { code: 691, reason: 'the user name or password is not recognised' },
  timeout: { code: 718, reason: 'the remote computer did not respond in time' },
  closed: { code: 629, reason: 'the connection was closed by the remote computer' },
} as const
