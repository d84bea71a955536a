import { useState } from 'react'
import { type Member, organisationApi } from '../api/organisation.ts'
import { useSession } from '../api/session.tsx'
import { type Reloadable, useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { AreaFrame } from './area-frame.tsx'
import { Invitations } from './invitations.tsx'
import { InviteForm } from './invite-form.tsx'
import { MemberRow } from './member-row.tsx'
import { Removed } from './removed.tsx'

function Members({ people }: { readonly people: Reloadable<{ people: Member[] }> }) {
  const [wanted, setWanted] = useState('')
  if (people.state === 'loading')
    return <span className="skeleton list-skeleton" role="status" aria-label="Loading the members" />
  if (people.state === 'failed') {
    return (
      <Notice title="The members did not load" tone="fail">
        <p>{people.error.message}</p>
        <Button onClick={people.reload}>Try again</Button>
      </Notice>
    )
  }
  const all = people.value.people
  const text = wanted.trim().toLowerCase()
  const shown = all.filter(({ name, email, role }) => `${name} ${email ?? ''} ${role}`.toLowerCase().includes(text))
  return (
    <>
      <div className="area-row">
        <label>
          Find <input className="field" type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
        </label>
        <span aria-live="polite">
          {shown.length} of {all.length}
        </span>
        <a className="button" href={organisationApi.peopleTable} download>
          Export as CSV
        </a>
      </div>
      <div className="table-scroll">
        <table className="area-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">E-mail address</th>
              <th scope="col">Role</th>
              <th scope="col">
                <span className="visually-hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <MemberRow key={one.id} member={one} reload={people.reload} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 && <p>Nobody is called that.</p>}
    </>
  )
}

export default function MembersPage() {
  const { session } = useSession()
  const people = useLoad(organisationApi.people)
  const invitations = useLoad(organisationApi.invitations)
  return (
    <AreaFrame title="Members">
      <section className="area-section wide" aria-labelledby="invite">
        <h2 id="invite">Invite somebody</h2>
        <InviteForm own={session?.role ?? ''} onInvited={invitations.reload} />
        <Invitations invitations={invitations} />
      </section>
      <section className="area-section wide" aria-labelledby="members">
        <h2 id="members">Members</h2>
        <Members people={people} />
      </section>
      <Removed people={people} />
    </AreaFrame>
  )
}
