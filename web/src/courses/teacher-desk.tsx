import { useCallback, useEffect, useState } from 'react'
import { type Assignment, coursesApi, type TableRow } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { tell } from '../ui/tell.ts'
import { toast } from '../ui/toasts.tsx'
import { ClassTableView } from './class-table.tsx'
import { ExtensionDialog } from './extension-dialog.tsx'
import { Empty, Loaded } from './parts.tsx'
import { GiveStage, Stages } from './stages.tsx'
import { VariantProofSection } from './variant-proof.tsx'

type Props = { readonly assignment: Assignment; readonly reload: () => void }

const REFRESH_MS = 30_000

/** For those who teach: the class at work, and what can be done for it. */
export function TeacherDesk({ assignment, reload }: Props) {
  const { id, part, state } = assignment
  const manages = part === 'manage'
  const assists = manages || part === 'assist'
  const [asking, setAsking] = useState(false)
  const [extending, setExtending] = useState<TableRow | null>(null)
  const [giving, setGiving] = useState<TableRow | null>(null)
  const table = useLoad(useCallback(() => coursesApi.table(id), [id]))
  const stages = useLoad(useCallback(() => coursesApi.stages(id), [id]))
  const { reload: again } = table
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), REFRESH_MS)
    return () => clearInterval(timer)
  }, [again])
  const done = (what: Promise<unknown>, said: string) => tell(what, said, reload)
  const tryIt = () =>
    coursesApi.try(id).then(
      ({ labId }) => navigate(`/labs/${labId}`),
      (error: Error) => toast(`The lab did not open. ${error.message}`, 'fail'),
    )
  return (
    <>
      <div className="course-actions">
        {manages && state !== 'published' && (
          <Button primary onClick={() => void done(coursesApi.publish(id), `${assignment.title} is published`)}>
            Publish
          </Button>
        )}
        {manages && (
          <PageLink to={`/assignments/${id}/edit`} className="button">
            Edit
          </PageLink>
        )}
        {state !== 'draft' && (
          <PageLink to={`/grades/${id}`} className="button">
            Grades
          </PageLink>
        )}
        {assists && <Button onClick={() => void tryIt()}>Try it as a student</Button>}
        {manages && state === 'published' && (
          <Button quiet onClick={() => setAsking(true)}>
            Put it away
          </Button>
        )}
      </div>
      {state !== 'draft' && (
        <section aria-labelledby="class">
          <div className="section-head">
            <h2 id="class">The class</h2>
            <Button small onClick={table.reload}>
              Look again
            </Button>
          </div>
          <Loaded load={table} what="the class">
            {(value) =>
              value.rows.length === 0 ? (
                <Empty title={assignment.forGroups ? 'The course has no groups' : 'There are no students in the course'}>
                  Put people into it on the page of the course.
                </Empty>
              ) : (
                <ClassTableView
                  table={value}
                  onExtend={assists ? setExtending : undefined}
                  onGive={assists && stages.state === 'ready' && stages.value.stages.length > 0 ? setGiving : undefined}
                />
              )
            }
          </Loaded>
        </section>
      )}
      {assists && assignment.variants === 'each' && state !== 'draft' && <VariantProofSection assignment={assignment} />}
      <Stages assignment={assignment} stages={stages} assists={assists} />
      {extending !== null && (
        <ExtensionDialog assignment={assignment} row={extending} onDone={table.reload} onClose={() => setExtending(null)} />
      )}
      {giving !== null && stages.state === 'ready' && (
        <GiveStage
          assignment={assignment}
          stages={stages.value.stages}
          row={giving}
          onDone={stages.reload}
          onClose={() => setGiving(null)}
        />
      )}
      {asking && (
        <Confirm
          title={`Put ${assignment.title} away?`}
          action="Put it away"
          danger={false}
          onConfirm={() => void done(coursesApi.archive(id), `${assignment.title} is put away`)}
          onClose={() => setAsking(false)}
        >
          Students cannot open it or hand in any more. Everything is kept, and publishing it brings it back.
        </Confirm>
      )}
    </>
  )
}
