// The documented parameters of the HostNetworkingService module, one cmdlet a line; the notation is read by ../binding/signature.ts.
export const hostNetworkingServiceSignatures = `
Get-HnsEndpoint Id@0
Get-HnsEndpointAddresses InputObjects!:Object[]@0<vn
Get-HnsEndpointStats InputObjects!:Object[]@0<vn
Get-HnsNamespace Id@0
Get-HnsNetwork Detailed? Id@0
Get-HnsPolicyList Id@0
Remove-HnsEndpoint InputObjects!:Object[]@0<vn
Remove-HnsNamespace InputObjects!:Object[]@0<vn
Remove-HnsNetwork InputObjects!:Object[]@0<vn
Remove-HnsPolicyList InputObjects!:Object[]@0<vn
`
