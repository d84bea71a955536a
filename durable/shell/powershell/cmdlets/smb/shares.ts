// Shares over SMB, as far as connecting and listing go.
import { type Call, type Cmdlet, cmdlet, type Fault } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom, cim } from '../cim.ts'
import { netOf } from '../windows-net.ts'

const SHARE = 'MSFT_SmbShare'

const shareObject = (one: {
  readonly name: string
  readonly path: string
  readonly remark: string
  readonly special: boolean
}): PsObject =>
  cim(SHARE, {
    Name: one.name,
    ScopeName: '*',
    Path: one.path,
    Description: one.remark,
    Special: one.special,
    ShareType: one.path === '' ? 'InterprocessCommunication' : 'FileSystemDirectory',
    ShareState: 'Online',
    CurrentUsers: 0,
    EncryptData: false,
    FolderEnumerationMode: 'Unrestricted',
  })

const shares = (call: Call): PsObject[] => netOf(call).shares().map(shareObject)

const smbFault = (message: string, code: number, target: string): Fault => ({
  message,
  category: code === 5 ? 'PermissionDenied' : 'NotSpecified',
  target,
  exception: 'CimException',
  id: `Windows System Error ${code}`,
})

export const smbCmdlets: readonly Cmdlet[] = [
  cmdlet(
    {
      name: 'Get-SmbShare',
      module: 'SmbShare',
      synopsis: 'Retrieves the SMB shares on the computer.',
      supports: ['Name', 'Special'],
      signature: 'Name[]@0 ScopeName[]@1 Special:Boolean[] IncludeHidden?',
    },
    function* (call, bound) {
      const special = bound.has('Special') ? bound.flag('Special') : undefined
      const all = shares(call).filter((one) => special === undefined || property(one, 'Special') === special)
      for (const one of chooseFrom(call, bound, SHARE, all, { Name: 'Name' }, 'key')) yield* call.emit(one)
    },
  ),
  cmdlet(
    {
      name: 'New-SmbShare',
      module: 'SmbShare',
      synopsis: 'Creates an SMB share.',
      supports: ['Name', 'Path', 'Description', 'Confirm'],
      signature:
        'Name!@0 Path!@1 Description FullAccess[] ChangeAccess[] ReadAccess[] NoAccess[] Temporary? EncryptData:Boolean Confirm?(cf) WhatIf?(wi)',
    },
    function* (call, bound) {
      const name = bound.text('Name') ?? ''
      const given = { name, path: bound.text('Path') ?? '', remark: bound.text('Description') ?? '' }
      const done = netOf(call).addShare(given)
      const target = `${SHARE}:ROOT/Microsoft/Windows/SMB/MSFT_SMBShare`
      if (!done.ok)
        return call.error(
          done.error === 'exists'
            ? smbFault('The name has already been shared. ', 2118, target)
            : done.error === 'not-found'
              ? smbFault('The system cannot find the file specified. ', 2, target)
              : smbFault('The parameter is incorrect. ', 87, target),
        )
      for (const one of shares(call)) if (property(one, 'Name') === name) yield* call.emit(one)
    },
  ),
  cmdlet(
    {
      name: 'Remove-SmbShare',
      module: 'SmbShare',
      synopsis: 'Deletes the specified SMB shares.',
      supports: ['Name', 'Force', 'Confirm'],
      signature: 'Name[]@0<n ScopeName[]@1 Force? Confirm?(cf) WhatIf?(wi)',
      impact: 'High',
    },
    (call, bound) => {
      for (const one of chooseFrom(call, bound, SHARE, shares(call), { Name: 'Name' }, 'key')) {
        const done = netOf(call).removeShare(text(property(one, 'Name') ?? ''))
        if (!done.ok) call.error(smbFault('Access is denied. ', 5, `${SHARE}:ROOT/Microsoft/Windows/SMB/MSFT_SMBShare`))
      }
    },
  ),
  cmdlet(
    {
      name: 'Get-SmbConnection',
      module: 'SmbShare',
      synopsis: 'Retrieves the connections from the SMB client to the SMB servers.',
      supports: ['ServerName'],
      signature: 'ServerName[]@0 UserName[]@1',
    },
    function* (call, bound) {
      const all = netOf(call)
        .usedShares()
        .map(({ remote, user }) => {
          const [, , server = '', share = ''] = remote.split('\\')
          return cim('MSFT_SmbConnection', {
            ServerName: server,
            ShareName: share,
            UserName: `${call.kernel.identity().hostname}\\${user}`,
            Credential: `${server}\\${user}`,
            Dialect: '3.0.2',
            NumOpens: 1,
          })
        })
      for (const one of chooseFrom(call, bound, 'MSFT_SmbConnection', all, { ServerName: 'ServerName' }, 'silent'))
        yield* call.emit(one)
    },
  ),
]
