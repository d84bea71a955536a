// The documented parameters of the NetNat module, one cmdlet a line; the notation is read by ../binding/signature.ts.
export const netNatSignatures = `
Add-NetNatExternalAddress AsJob? CimSession:CimSession[](Session) Confirm?(cf) IPAddress! NatName!@0 PortEnd:UInt16 PortStart:UInt16 ThrottleLimit:Int32 WhatIf?(wi)
Add-NetNatStaticMapping AsJob? CimSession:CimSession[](Session) Confirm?(cf) ExternalIPAddress! ExternalPort!:UInt16 InternalIPAddress! InternalPort:UInt16 InternalRoutingDomainId NatName!@0 Protocol!:Protocol=TCP|UDP RemoteExternalIPAddressPrefix ThrottleLimit:Int32 WhatIf?(wi)
Get-NetNat AsJob? CimSession:CimSession[](Session) Name[]@0<n ThrottleLimit:Int32
Get-NetNatExternalAddress AsJob? CimSession:CimSession[](Session) NatName[]@0<n ThrottleLimit:Int32
Get-NetNatGlobal AsJob? CimSession:CimSession[](Session) ThrottleLimit:Int32
Get-NetNatSession AsJob? CimSession:CimSession[](Session) ThrottleLimit:Int32
Get-NetNatStaticMapping AsJob? CimSession:CimSession[](Session) NatName[]@0<n ThrottleLimit:Int32
New-NetNat AsJob? CimSession:CimSession[](Session) Confirm?(cf) ExternalIPInterfaceAddressPrefix InternalIPInterfaceAddressPrefix InternalRoutingDomainId Name!@0 ThrottleLimit:Int32 WhatIf?(wi)
Remove-NetNat{InputObject,Query} AsJob? CimSession:CimSession[](Session) Confirm?(cf) InputObject!:CimInstance[]<v#0 Name[]@0<n#1 PassThru? ThrottleLimit:Int32 WhatIf?(wi)
Remove-NetNatExternalAddress{ByName,InputObject} AsJob? CimSession:CimSession[](Session) Confirm?(cf) ExternalAddressID:UInt32[]<n#0 InputObject!:CimInstance[]<v#1 NatName[]@0<n#0 PassThru? ThrottleLimit:Int32 WhatIf?(wi)
Remove-NetNatStaticMapping{InputObject,Query} AsJob? CimSession:CimSession[](Session) Confirm?(cf) InputObject!:CimInstance[]<v#0 NatName[]@0<n#1 PassThru? StaticMappingID:UInt32[]<n#1 ThrottleLimit:Int32 WhatIf?(wi)
Set-NetNat{InputObject,Query} AsJob? CimSession:CimSession[](Session) Confirm?(cf) IcmpQueryTimeout:UInt32 InputObject!:CimInstance[]<v#0 Name![]@0<n#1 PassThru? TcpEstablishedConnectionTimeout:UInt32 TcpFilteringBehavior:FilteringBehaviorType=EndpointIndependentFiltering|AddressDependentFiltering TcpTransientConnectionTimeout:UInt32 ThrottleLimit:Int32 UdpFilteringBehavior:FilteringBehaviorType=EndpointIndependentFiltering|AddressDependentFiltering UdpIdleSessionTimeout:UInt32 UdpInboundRefresh:Boolean=False|True WhatIf?(wi)
Set-NetNatGlobal AsJob? CimSession:CimSession[](Session) Confirm?(cf) InputObject:CimInstance[]<v InterRoutingDomainHairpinningMode!:InterRoutingDomainHairpinningMode=Local|External PassThru? ThrottleLimit:Int32 WhatIf?(wi)
`
