import { documented } from './signatures/index.ts'

/** Programs of a stock Windows 11 that have no behaviour here. */
const programs =
  'bootcfg certutil chkdsk cipher cmd comp compact control cscript curl dism diskpart dnscmd driverquery eventvwr explorer fc finger fsutil ftp gpresult gpupdate icacls klist ' +
  'logoff mmc mode more mountvol mrinfo msconfig msg msinfo32 mstsc nbtstat net net1 netcfg netdom nltest notepad openfiles pathping pktmon portqry powercfg powershell pwsh reg regedit robocopy ' +
  'runas sc schtasks scp setx sfc shutdown ssh sort subst systeminfo taskkill tasklist taskmgr telnet tftp timeout tree tzutil ver virtmgmt.msc vmconnect w32tm wbadmin wevtutil where whoami winget winrm winver wmic ' +
  'wscript xcopy docker hnsdiag hcsdiag devmgmt.msc ncpa.cpl'

/** Cmdlets of modules whose parameters are not listed here. */
const cmdlets =
  'Add-Computer Add-Content Add-Member Add-Type Add-VpnConnection Add-WindowsCapability Add-WindowsFeature Checkpoint-Computer Clear-Content Clear-EventLog Clear-History Clear-Item Clear-RecycleBin Clear-Variable Compare-Object ' +
  'Connect-PSSession Invoke-CimMethod Remove-CimSession Set-WmiInstance ConvertFrom-Csv ConvertFrom-Json ConvertFrom-StringData ConvertTo-Csv ConvertTo-Html ConvertTo-SecureString ConvertTo-Xml Copy-Item Copy-ItemProperty Debug-Process Disable-WindowsOptionalFeature ' +
  'Disconnect-PSSession Enable-PSRemoting Enable-WindowsOptionalFeature Enter-PSSession Exit-PSSession Export-Alias Export-Clixml Export-Csv Find-Module Format-Custom Format-Hex Format-Wide Get-Acl Get-AuthenticodeSignature ' +
  'Get-CimClass Get-CimInstance Get-CimSession Get-Clipboard Get-ComputerInfo Get-Counter Get-Credential Get-Culture Get-Disk Get-Event Get-EventLog Get-ExecutionPolicy Get-FileHash Get-Host Get-HotFix Get-Item Get-ItemProperty ' +
  'Get-Job Get-LocalUser Get-Module Get-PSDrive Get-PSProvider Get-PSSession Get-Package Get-Partition Get-PnpDevice Get-Process Get-Random Get-Runspace Get-ScheduledTask Get-Service Get-SmbConnection Get-SmbShare Get-TimeZone ' +
  'Get-UICulture Get-Unique Get-Volume Get-WinEvent Get-WindowsCapability Get-WindowsFeature Get-WindowsOptionalFeature Get-WmiObject Import-Alias Import-Clixml Import-Csv Import-Module Install-Module Invoke-Command ' +
  'Invoke-Expression Invoke-History Invoke-Item Invoke-RestMethod Invoke-WebRequest Invoke-WmiMethod Join-Path Limit-EventLog Move-Item Move-ItemProperty New-Alias New-CimSession New-Event New-Item New-ItemProperty New-LocalUser ' +
  'New-Module New-Object New-PSDrive New-PSSession New-Service New-SmbShare New-TimeSpan New-Variable Out-File Out-GridView Out-Printer Pop-Location Push-Location Read-Host Receive-Job Register-ScheduledTask Remove-CimInstance ' +
  'Remove-Item Remove-ItemProperty Remove-Job Remove-Module Remove-PSSession Remove-Variable Remove-VpnConnection Rename-Computer Rename-Item Resolve-Path Restart-Service Resume-Service Save-Help Send-MailMessage Set-Acl Set-Alias ' +
  'Set-CimInstance Set-Clipboard Set-Content Set-Date Set-ExecutionPolicy Set-Item Set-ItemProperty Set-PSDebug Set-Service Set-StrictMode Set-TimeZone Set-Variable Set-VpnConnection Show-Command Split-Path Start-Job ' +
  'Start-Process Start-Service Start-Transcript Stop-Computer Stop-Job Stop-Process Stop-Service Stop-Transcript Suspend-Service Tee-Object Test-Path Test-WSMan Trace-Command Unblock-File Uninstall-Module Update-Help ' +
  'Update-Module Wait-Event Wait-Job Wait-Process Write-Debug Write-Error Write-EventLog Write-Information Write-Progress Write-Verbose Write-Warning'

const byLower = new Map([...programs.split(' '), ...cmdlets.split(' ')].map((name) => [name.toLowerCase(), name]))

/** Names of real commands that answer one line, as far as no parameters are listed for them. */
export const otherCommands = { programs: programs.split(' '), cmdlets: cmdlets.split(' ') } as const

/** The proper name of a command that exists on the real thing, undefined when there is none. */
export const isRealCommand = (name: string): string | undefined => {
  const lower = name.toLowerCase()
  return documented.get(lower)?.name ?? byLower.get(lower) ?? byLower.get(lower.replace(/\.exe$/, ''))
}
