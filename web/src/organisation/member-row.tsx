import { useState } from 'react'
import { type Member, organisationApi } from '../api/organisation.ts'
import { useSession } from '../api/session.tsx'
import { ShownOnce } from '../sign-in/shown-once.tsx'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { tell } from '../ui/tell.ts'
import { toast } from '../ui/toasts.tsx'
import { EraseDialog } from './erase-dialog.tsx'
import { roles, rolesUpTo } from './roles.ts'

type Props = { readonly member: Member; readonly reload: () => void }
type Given = { readonly label: string; readonly text: string }

export function MemberRow({ member, reload }: Props) {
  const { session } = useSession()
  const [open, setOpen] = useState(false)
  const [asking, setAsking] = useState<'remove' | 'erase' | null>(null)
  const [given, setGiven] = useState<Given | null>(null)
  const own = session?.role ?? ''
  const self = session?.person.id === member.id
  const below = roles.indexOf(member.role as 'owner') <= roles.indexOf(own as 'owner')
  const run = (work: Promise<unknown>, done: string) => tell(work, done, reload)
  const give = (work: Promise<Given>) => void work.then(setGiven, (error: Error) => toast(error.message, 'fail'))
  return (
    <>
      <tr>
        <th scope="row">
          {member.name}
          {self && <small> (you)</small>}
        </th>
        <td>{member.email ?? <span className="faint">none</span>}</td>
        <td>
          {below && !self ? (
            <select
              className="field small"
              aria-label={`Role of ${member.name}`}
              value={member.role}
              onChange={(event) => {
                const role = event.target.value
                void run(organisationApi.changePerson(member.id, { role }), `${member.name} is now ${role}`)
              }}
            >
              {rolesUpTo(own).map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          ) : (
            member.role
          )}
        </td>
        <td className="table-end">
          {below && !self && (
            <Button small aria-expanded={open} aria-label={`More about ${member.name}`} onClick={() => setOpen(!open)}>
              {open ? 'Less' : 'More'}
            </Button>
          )}
        </td>
      </tr>
      {open && (
        <tr className="table-more">
          <td colSpan={4}>
            <div className="sign-in-actions">
              <Button
                small
                onClick={() =>
                  give(
                    organisationApi.signInLink(member.id).then(({ path }) => {
                      return { label: `Sign-in link of ${member.name}`, text: window.location.origin + path }
                    }),
                  )
                }
              >
                Make a sign-in link
              </Button>
              {(member.role === 'student' || member.role === 'observer') && (
                <Button
                  small
                  onClick={() =>
                    give(
                      organisationApi.returnCode(member.id).then(({ code }) => {
                        return { label: `Return code of ${member.name}`, text: code }
                      }),
                    )
                  }
                >
                  Make a return code
                </Button>
              )}
              {own === 'owner' && (
                <a className="button small" href={organisationApi.personAddress(member.id)} download>
                  Export their data
                </a>
              )}
              <Button small danger onClick={() => setAsking('remove')}>
                Remove
              </Button>
              {own === 'owner' && (
                <Button small danger onClick={() => setAsking('erase')}>
                  Erase
                </Button>
              )}
            </div>
            {given !== null && (
              <ShownOnce label={given.label} text={given.text} copied="Copied">
                Give it to nobody else. It is shown only now.
              </ShownOnce>
            )}
          </td>
        </tr>
      )}
      {asking === 'remove' && (
        <Confirm
          title={`Remove ${member.name}?`}
          action="Remove"
          onConfirm={() => void run(organisationApi.removePerson(member.id), `${member.name} is no member any more`)}
          onClose={() => setAsking(null)}
        >
          Their sessions, links and keys end at once. What they did stays, under their name.
        </Confirm>
      )}
      {asking === 'erase' && (
        <EraseDialog
          name={member.name}
          what="Their labs, submissions and grades in this organisation are destroyed, their messages go, and what others rest on stays without their name."
          erase={() => organisationApi.erasePerson(member.id, member.name)}
          onErased={() => {
            setAsking(null)
            toast(`${member.name} is erased`)
            reload()
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}
