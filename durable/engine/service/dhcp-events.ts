// What a DHCP client tells the programs that watch it. Addresses are text: these are shown.
export type DhcpEvent =
  | {
      readonly kind: 'sent'
      readonly message: 'DISCOVER' | 'REQUEST' | 'RELEASE' | 'DECLINE'
      readonly destination: string
      /** Seconds to the next try, 0 when there is none. */
      readonly interval: number
    }
  | {
      readonly kind: 'received'
      readonly message: 'OFFER' | 'ACK' | 'NAK'
      readonly address: string
      readonly server: string
    }
  | { readonly kind: 'bound'; readonly address: string; readonly server: string; readonly renewSeconds: number }
  | { readonly kind: 'released'; readonly address: string; readonly server: string }
  | { readonly kind: 'failed'; readonly reason: 'timeout' | 'media-disconnected' | 'not-dhcp' | 'no-lease' }

export type LeaseState =
  | 'init'
  | 'selecting'
  | 'requesting'
  | 'init-reboot'
  | 'bound'
  | 'renewing'
  | 'rebinding'
  | 'autoconfigured'

/** `LeaseView` of machine/views.ts, which stands above this layer. */
export type LeaseReport = {
  readonly state: LeaseState
  readonly server: string
  readonly obtainedAt: number | null
  readonly renewAt: number | null
  readonly rebindAt: number | null
  readonly expiresAt: number | null
}
