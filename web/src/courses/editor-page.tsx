import { useCallback, useState } from 'react'
import { type Assignment, type AssignmentChange, coursesApi, type Review } from '../api/courses.ts'
import { Problem } from '../api/http.ts'
import { useLoad } from '../api/use-load.ts'
import type { PageProps } from '../pages.ts'
import { navigate } from '../router.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toasts.tsx'
import { Findings } from './findings.tsx'
import { CoursePageFrame, Field, Loaded } from './parts.tsx'
import { fromInput, toInput } from './words.ts'

/** Everything that a teacher decides about an assignment. */
export default function EditorPage({ params }: PageProps) {
  const { assignment: id } = params
  const load = useLoad(useCallback(() => coursesApi.assignment(id), [id]))
  const found = load.state === 'ready' ? load.value : null
  return (
    <CoursePageFrame
      title={found === null ? 'Edit the assignment' : `Edit ${found.title}`}
      above={found === null ? { path: '/courses', text: 'Courses' } : { path: `/assignments/${id}`, text: found.title }}
    >
      <Loaded load={load} what="the assignment">
        {(assignment) => <Editor key={assignment.id} assignment={assignment} />}
      </Loaded>
    </CoursePageFrame>
  )
}

type Form = {
  readonly title: string
  readonly ownBrief: boolean
  readonly brief: string
  readonly ownRubric: boolean
  readonly rubric: string
  readonly opensAt: string
  readonly dueAt: string
  readonly closesAt: string
  readonly attempts: string
  readonly counts: 'last' | 'best'
  readonly percentPerDay: string
  readonly graceMinutes: string
  readonly mostDays: string
  readonly variants: 'same' | 'each'
  readonly forGroups: boolean
  readonly selfChecks: boolean
}

const toForm = (one: Assignment): Form => ({
  title: one.title,
  ownBrief: one.ownBrief !== null,
  brief: one.ownBrief ?? one.brief ?? '',
  ownRubric: one.rubric !== null,
  rubric: one.rubric ?? '',
  opensAt: toInput(one.opensAt),
  dueAt: toInput(one.dueAt),
  closesAt: toInput(one.closesAt),
  attempts: one.attempts === null ? '' : String(one.attempts),
  counts: one.counts,
  percentPerDay: String(one.late.percentPerDay),
  graceMinutes: String(one.late.graceMinutes),
  mostDays: one.late.mostDays === null ? '' : String(one.late.mostDays),
  variants: one.variants,
  forGroups: one.forGroups,
  selfChecks: one.selfChecks,
})

const toChange = (form: Form, opened: boolean): AssignmentChange => ({
  title: form.title,
  brief: form.ownBrief ? form.brief : null,
  opensAt: fromInput(form.opensAt),
  dueAt: fromInput(form.dueAt),
  closesAt: fromInput(form.closesAt),
  attempts: form.attempts === '' ? null : Number(form.attempts),
  counts: form.counts,
  late: {
    percentPerDay: Number(form.percentPerDay),
    graceMinutes: Number(form.graceMinutes),
    mostDays: form.mostDays === '' ? null : Number(form.mostDays),
  },
  selfChecks: form.selfChecks,
  ...(opened ? {} : { rubric: form.ownRubric ? form.rubric : null, variants: form.variants, forGroups: form.forGroups }),
})

function Editor({ assignment }: { readonly assignment: Assignment }) {
  const [form, setForm] = useState(() => toForm(assignment))
  const [problem, setProblem] = useState<Error | null>(null)
  const [review, setReview] = useState<Review | null>(null)
  const [busy, setBusy] = useState(false)
  const { id, opened, state } = assignment
  const set = <K extends keyof Form>(key: K, value: Form[K]) => setForm({ ...form, [key]: value })
  const wrong = problem instanceof Problem ? problem.field : undefined
  const errorOf = (field: string) => (wrong === field ? problem?.message : undefined)

  const during = (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    work()
      .catch((error: Error) => setProblem(error))
      .finally(() => setBusy(false))
  }
  const save = async () => {
    await coursesApi.changeAssignment(id, toChange(form, opened))
    setReview(await coursesApi.review(id))
  }
  const publish = async () => {
    await save()
    await coursesApi.publish(id)
    toast(`${form.title} is published`)
    navigate(`/assignments/${id}`)
  }
  const text = (key: 'opensAt' | 'dueAt' | 'closesAt', label: string, hint?: string) => (
    <Field label={label} hint={hint} error={errorOf(key)}>
      <input className="field" type="datetime-local" value={form[key]} onChange={(event) => set(key, event.target.value)} />
    </Field>
  )
  const number = (
    key: 'attempts' | 'percentPerDay' | 'graceMinutes' | 'mostDays',
    label: string,
    most: number,
    hint?: string,
  ) => (
    <Field label={label} hint={hint}>
      <input
        className="field"
        type="number"
        min={key === 'attempts' ? 1 : 0}
        max={most}
        required={key === 'percentPerDay' || key === 'graceMinutes'}
        value={form[key]}
        onChange={(event) => set(key, event.target.value)}
      />
    </Field>
  )

  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        during(async () => {
          await save()
          toast('Saved')
        })
      }}
    >
      <section aria-labelledby="what">
        <h2 id="what">What</h2>
        <Field label="Title" error={errorOf('title')}>
          <input
            className="field"
            value={form.title}
            maxLength={160}
            required
            onChange={(event) => set('title', event.target.value)}
          />
        </Field>
        <label className="form-check">
          <input type="checkbox" checked={form.ownBrief} onChange={(event) => set('ownBrief', event.target.checked)} />
          Another text than that of the lab
        </label>
        {form.ownBrief && (
          <Field label="What is to be done" hint="Markdown">
            <textarea
              className="field code"
              rows={10}
              value={form.brief}
              onChange={(event) => set('brief', event.target.value)}
            />
          </Field>
        )}
      </section>

      <section aria-labelledby="when">
        <h2 id="when">When</h2>
        <div className="form-grid">
          {text('opensAt', 'Opens', 'Empty: as soon as it is published.')}
          {text('dueAt', 'Due', 'Empty: nothing is ever late.')}
          {text('closesAt', 'Closes', 'Nothing is taken after it. Empty: never.')}
        </div>
        <div className="form-grid">
          {number('percentPerDay', 'Late: percent off a day', 100, 'For each day or part of one; 100: nothing late counts.')}
          {number('graceMinutes', 'Grace, in minutes', 10_080)}
          {number('mostDays', 'Taken at most so many days late', 365, 'Empty: until it closes.')}
        </div>
      </section>

      <section aria-labelledby="how">
        <h2 id="how">How</h2>
        <div className="form-grid">
          {number('attempts', 'Attempts', 1_000, 'Empty: any number.')}
          <Field label="Which one counts">
            <select
              className="field"
              value={form.counts}
              onChange={(event) => set('counts', event.target.value as Form['counts'])}
            >
              <option value="last">The last</option>
              <option value="best">The best</option>
            </select>
          </Field>
          <Field label="Variants" hint={opened ? 'Somebody has opened it: this stays.' : undefined} error={errorOf('variants')}>
            <select
              className="field"
              disabled={opened}
              value={form.variants}
              onChange={(event) => set('variants', event.target.value as Form['variants'])}
            >
              <option value="same">All get the same</option>
              <option value="each">Each gets their own</option>
            </select>
          </Field>
        </div>
        <label className="form-check">
          <input
            type="checkbox"
            disabled={opened}
            checked={form.forGroups}
            onChange={(event) => set('forGroups', event.target.checked)}
          />
          Groups work on it: the students of a group share one lab
        </label>
        <label className="form-check">
          <input type="checkbox" checked={form.selfChecks} onChange={(event) => set('selfChecks', event.target.checked)} />
          Students may run the checks before they hand in
        </label>
      </section>

      <section aria-labelledby="rubric">
        <h2 id="rubric">Points</h2>
        <label className="form-check">
          <input
            type="checkbox"
            disabled={opened}
            checked={form.ownRubric}
            onChange={(event) => set('ownRubric', event.target.checked)}
          />
          Another rubric than the checks of the lab
        </label>
        {form.ownRubric && (
          <Field label="Rubric" hint="YAML: the same checks as in a lab.yaml.">
            <textarea
              className="field code"
              rows={12}
              disabled={opened}
              value={form.rubric}
              onChange={(event) => set('rubric', event.target.value)}
            />
          </Field>
        )}
        {opened && <p className="quiet-text">Somebody has opened it. The rubric is corrected where submissions are graded.</p>}
      </section>

      {problem !== null && (
        <p role="alert" className="form-error-line">
          {problem.message}
        </p>
      )}
      {review !== null && <Findings review={review} />}
      <div className="course-actions">
        <Button type="submit" disabled={busy}>
          Save and look it over
        </Button>
        {state !== 'published' && (
          <Button primary disabled={busy} onClick={() => during(publish)}>
            Publish
          </Button>
        )}
      </div>
    </form>
  )
}
