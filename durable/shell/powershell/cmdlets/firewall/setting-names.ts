/** Settings of a profile in the order in which they are shown. */
export const profileSettings = [
  'Enabled',
  'DefaultInboundAction',
  'DefaultOutboundAction',
  'AllowInboundRules',
  'AllowLocalFirewallRules',
  'AllowLocalIPsecRules',
  'AllowUserApps',
  'AllowUserPorts',
  'AllowUnicastResponseToMulticast',
  'NotifyOnListen',
  'EnableStealthModeForIPsec',
  'LogFileName',
  'LogMaxSizeKilobytes',
  'LogAllowed',
  'LogBlocked',
  'LogIgnored',
  'DisabledInterfaceAliases',
] as const

/** Global settings, and what a fresh computer says of them. They are kept and shown; nothing of IPsec is simulated. */
export const settingNames: readonly (readonly [name: string, usual: string | number])[] = [
  ['Exemptions', 'NeighborDiscovery'],
  ['EnableStatefulFtp', 'True'],
  ['EnableStatefulPptp', 'False'],
  ['RequireFullAuthSupport', 'NotConfigured'],
  ['CertValidationLevel', 'NotConfigured'],
  ['AllowIPsecThroughNAT', 'NotConfigured'],
  ['MaxSAIdleTimeSeconds', 'NotConfigured'],
  ['KeyEncoding', 'NotConfigured'],
  ['EnablePacketQueuing', 'NotConfigured'],
  ['RemoteMachineTransportAuthorizationList', 'NotConfigured'],
  ['RemoteMachineTunnelAuthorizationList', 'NotConfigured'],
  ['RemoteUserTransportAuthorizationList', 'NotConfigured'],
  ['RemoteUserTunnelAuthorizationList', 'NotConfigured'],
]
