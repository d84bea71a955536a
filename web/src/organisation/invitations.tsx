import { type Invitation, organisationApi } from '../api/organisation.ts'
import type { Reloadable } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { tell } from '../ui/tell.ts'
import { dayText } from '../ui/when.ts'

export function Invitations({ invitations }: { readonly invitations: Reloadable<{ invitations: Invitation[] }> }) {
  if (invitations.state !== 'ready' || invitations.value.invitations.length === 0) return null
  const withdraw = (one: Invitation) => tell(organisationApi.withdraw(one.id), 'The invitation is withdrawn', invitations.reload)
  return (
    <>
      <h3>Not yet accepted</h3>
      <ul className="plain-list">
        {invitations.value.invitations.map((one) => (
          <li key={one.id}>
            <span>
              {one.name ?? one.email ?? 'A link without a name'}
              <small>
                {one.role}
                {one.course === null ? '' : `, ${one.course}`}, by {one.createdByName}, until {dayText(one.expiresAt)}
              </small>
            </span>
            <Button
              small
              aria-label={`Withdraw the invitation of ${one.name ?? one.email ?? 'nobody in particular'}`}
              onClick={() => void withdraw(one)}
            >
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
