import { useEffect } from 'react'
import { type Member, organisationApi } from '../api/organisation.ts'
import { type Reloadable, useLoad } from '../api/use-load.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toasts.tsx'

/** People from learning platforms who were removed: their launches do not let them in, somebody here does. Nothing when there are none. */
export function Removed({ people }: { readonly people: Reloadable<{ people: Member[] }> }) {
  const removed = useLoad(organisationApi.removed)
  const { reload } = removed
  const members = people.state === 'ready' ? people.value : null
  // Whoever is removed from the list above stands here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list asks for it
  useEffect(reload, [reload, members])
  if (removed.state !== 'ready' || removed.value.people.length === 0) return null
  const readmit = (id: string, name: string) =>
    organisationApi.readmit(id).then(
      () => {
        toast(`${name} is a member again`)
        people.reload()
      },
      (error: Error) => toast(error.message, 'fail'),
    )
  return (
    <section className="area-section wide" aria-labelledby="removed">
      <h2 id="removed">Removed</h2>
      <p>They came from a learning platform and cannot come in from there until somebody lets them in again.</p>
      <ul className="plain-list">
        {removed.value.people.map(({ id, name }) => (
          <li key={id} className="area-row">
            <span>{name}</span>
            <Button small aria-label={`Let ${name} in again`} onClick={() => void readmit(id, name)}>
              Let in again
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
