import { useEffect, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { type Joinable, signIn } from '../api/sign-in.ts'
import type { PageProps } from '../pages.ts'
import { Button } from '../ui/button.tsx'
import { enterConsole, OpenPage } from './open-page.tsx'
import { ReturnCodePage } from './return-code-page.tsx'
import { FormProblem, TextField } from './text-field.tsx'
import { useForm } from './use-form.ts'

/** `/join`, and `/join/CODE` as it stands on the board. */
export default function JoinPage({ params }: PageProps) {
  const { session } = useSession()
  const [code, setCode] = useState(params['code'] ?? '')
  const [found, setFound] = useState<Joinable | null>(null)
  const [name, setName] = useState('')
  const [returnCode, setReturnCode] = useState<string | null>(null)
  useEffect(() => {
    document.title = 'Join a course · Switchroom'
  }, [])
  const look = useForm(async () => setFound(await signIn.lookAtCode(code)))
  const join = useForm(async () => {
    const joined = await signIn.join(code, session === null ? name : undefined)
    if (joined.returnCode === null) enterConsole()
    else setReturnCode(joined.returnCode)
  })

  if (returnCode !== null) {
    return (
      <ReturnCodePage name={name} code={returnCode}>
        Write it down: with it you come back as yourself, also on another computer. It is shown only now.
      </ReturnCodePage>
    )
  }
  if (found === null) {
    return (
      <OpenPage title="Join a course">
        <form className="sign-in-form" onSubmit={look.onSubmit}>
          <TextField
            label="Code of the course"
            field="code"
            className="mono"
            autoComplete="off"
            spellCheck={false}
            required
            minLength={4}
            value={code}
            problem={look.problem}
            hint="Who teaches the course has it."
            onText={(text) => {
              setCode(text)
              look.clear()
            }}
          />
          <FormProblem problem={look.problem} fields={['code']} />
          <Button type="submit" primary disabled={look.busy}>
            Look it up
          </Button>
        </form>
      </OpenPage>
    )
  }
  return (
    <OpenPage title={found.course.name}>
      <p>A course of {found.organisation.name}.</p>
      <form className="sign-in-form" onSubmit={join.onSubmit}>
        {session === null ? (
          <TextField
            label="What are you called?"
            field="name"
            autoComplete="name"
            required
            maxLength={120}
            value={name}
            problem={join.problem}
            hint="Those who teach and learn with you see it. You can change it later."
            onText={setName}
          />
        ) : (
          <p>You join as {session.person.name}.</p>
        )}
        <FormProblem problem={join.problem} fields={session === null ? ['name'] : []} />
        <div className="sign-in-actions">
          <Button type="submit" primary disabled={join.busy}>
            Join
          </Button>
          <Button onClick={() => setFound(null)}>Another code</Button>
        </div>
      </form>
    </OpenPage>
  )
}
