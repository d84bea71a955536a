import { documented } from './signatures/index.ts'

/** Programs of a stock Windows 11 that have no behaviour here. */
const programs =
  'bootcfg certutil chkdsk cipher comp compact control cscript devmgmt.msc diskpart dism dnscmd docker driverquery ' +
  'eventvwr explorer fc finger fsutil ftp gpresult gpupdate hnsdiag icacls klist logoff mmc mode more mountvol ' +
  'mrinfo msconfig msg msinfo32 mstsc ncpa.cpl net1 netcfg netdom nltest notepad openfiles portqry ' +
  'powercfg powershell pwsh regedit robocopy runas schtasks scp setx sfc sort ssh subst taskmgr ' +
  'telnet tftp timeout tree tzutil virtmgmt.msc vmconnect w32tm wbadmin wevtutil where winget winrm winver wmic wscript ' +
  'xcopy'

/** Cmdlets of modules whose parameters are not listed here. */
const cmdlets =
  'Add-Computer Add-Type Add-VpnConnection Add-WindowsCapability Add-WindowsFeature Checkpoint-Computer ' +
  'Clear-History Clear-Item Clear-RecycleBin Connect-PSSession ConvertTo-Html ConvertTo-Xml Copy-ItemProperty ' +
  'Debug-Process Disable-WindowsOptionalFeature Disconnect-PSSession Enable-PSRemoting Enable-WindowsOptionalFeature ' +
  'Export-Alias Export-Clixml Find-Module Format-Custom Format-Hex Get-Acl Get-AuthenticodeSignature Get-CimClass ' +
  'Get-Clipboard Get-ComputerInfo Get-Counter Get-Disk Get-Event Get-FileHash Get-HotFix Get-Job Get-LocalUser ' +
  'Get-Package Get-Partition Get-PnpDevice Get-PSProvider Get-Runspace Get-ScheduledTask Get-TimeZone Get-Volume ' +
  'Get-WindowsCapability Get-WindowsFeature Get-WindowsOptionalFeature Import-Alias Import-Clixml Install-Module ' +
  'Invoke-History Invoke-Item Invoke-WmiMethod Limit-EventLog Move-ItemProperty New-Event New-LocalUser New-Module ' +
  'New-PSDrive New-Service Out-GridView Out-Printer Receive-Job Register-ScheduledTask ' +
  'Remove-CimInstance Remove-Job Remove-Module Remove-VpnConnection Rename-Computer Save-Help ' +
  'Send-MailMessage Set-Acl Set-CimInstance Set-Clipboard Set-Date Set-Item Set-PSDebug Set-StrictMode Set-TimeZone ' +
  'Set-VpnConnection Set-WmiInstance Show-Command Start-Job Start-Process Start-Transcript Stop-Computer Stop-Job ' +
  'Stop-Transcript Test-WSMan Trace-Command Unblock-File Uninstall-Module Update-Help Update-Module Wait-Event Wait-Job ' +
  'Wait-Process Write-EventLog'

const byLower = new Map([...programs.split(' '), ...cmdlets.split(' ')].map((name) => [name.toLowerCase(), name]))

/** Names of real commands that answer one line, as far as no parameters are listed for them. */
export const otherCommands = { programs: programs.split(' '), cmdlets: cmdlets.split(' ') } as const

/** The proper name of a command that exists on the real thing, undefined when there is none. */
export const isRealCommand = (name: string): string | undefined => {
  const lower = name.toLowerCase()
  return documented.get(lower)?.name ?? byLower.get(lower) ?? byLower.get(lower.replace(/\.exe$/, ''))
}
