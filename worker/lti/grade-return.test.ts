import { describe, expect, it } from 'vitest'
import { type Course, deliver, grade, handIn, newCourse, personIn } from '../../test/worker/lti-course.ts'
import { db } from '../../test/worker/service.ts'
import { scoresUrl } from './grade-book.ts'
import { nextOf } from './platform-service.ts'

async function studentOf(course: Course, user = 'ada', lineItem?: string) {
  const browser = course.browser()
  await browser.launch(user, { ...course.toAssignment, link: { ...course.toAssignment.link, lineItem } })
  return personIn(browser)
}
const states = async (course: Course) =>
  (await (await course.ask('GET', '/v1/lti/courses')).json()) as { courses: { id: string }[] }
const told = async (course: Course) => {
  const { courses } = await states(course)
  const answer = await course.ask('GET', `/v1/lti/courses/${courses[0].id}/grades`)
  return (
    (await answer.json()) as { grades: { state: string; points: number | null; of: number | null; error: string | null }[] }
  ).grades
}

describe('a grade goes back', () => {
  it('to the column of the link, with fractions, a comment and growing timestamps; the same is not sent twice', async () => {
    const course = await newCourse()
    const { platform } = course
    const column = platform.book.add({ scoreMaximum: 20, label: 'Detective', resourceLinkId: 'rl1' })
    const ada = await studentOf(course, 'ada', column.id)
    const submission = await handIn(course, ada, 1, null)
    expect(await deliver(course, ada)).toEqual([])
    expect(platform.book.scores).toMatchObject([
      { column: column.id, userId: 'ada', activityProgress: 'Submitted', gradingProgress: 'Pending' },
    ])
    expect(platform.book.scores[0]).not.toHaveProperty('scoreGiven')
    await grade(submission, 12.75)
    await db.prepare("update submission set state = 'graded' where id = ?").bind(submission).run()
    expect([await deliver(course, ada), await deliver(course, ada)]).toEqual([[], []])
    expect(platform.book.scores.slice(1)).toMatchObject([
      {
        ...{ userId: 'ada', scoreGiven: 12.75, scoreMaximum: 20 },
        ...{ activityProgress: 'Completed', gradingProgress: 'FullyGraded', comment: '12.75 of 20 points, attempt 1.' },
      },
    ])
    // An override is another grade.
    await db
      .prepare("insert into override values (?, 'two', 2.5, 'The cable was broken.', 'jane', 'Jane', 1)")
      .bind(submission)
      .run()
    expect(await deliver(course, ada)).toEqual([])
    expect(platform.book.scores.at(-1)).toMatchObject({
      scoreGiven: 15.25,
      comment: '15.25 of 20 points, attempt 1.\nThe cable was broken.',
    })
    const times = platform.book.scores.map(({ timestamp }) => Date.parse(timestamp))
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    expect(await told(course)).toMatchObject([{ state: 'sent', points: 15.25, of: 20, error: null }])
    expect(platform.refusals).toEqual([])
  })

  it('to a column that is found by the assignment, over several pages, or else made', async () => {
    const course = await newCourse()
    const { platform, assignment } = course
    platform.book.add({ scoreMaximum: 1, label: 'Something else' })
    platform.book.add({ scoreMaximum: 1, label: 'Another', resourceId: 'another' })
    const ada = await studentOf(course)
    await handIn(course, ada, 1, 15)
    expect(await deliver(course, ada)).toEqual([])
    expect(platform.book.columns).toHaveLength(3)
    expect(platform.book.columns[2]).toMatchObject({
      scoreMaximum: 20,
      resourceId: assignment,
      label: 'Default Switch detective',
    })
    // Somebody else in the class gets into the same one.
    const both = await studentOf(course, 'both')
    await handIn(course, both, 1, 7.5)
    expect(await deliver(course, both)).toEqual([])
    expect(platform.book.columns).toHaveLength(3)
    // The column is not known any more here, but it is there.
    await db.prepare('delete from lti_line_item').run()
    await handIn(course, both, 2, 10)
    expect(await deliver(course, both)).toEqual([])
    expect(platform.book.columns).toHaveLength(3)
    expect(platform.book.scores.map(({ userId, scoreGiven }) => [userId, scoreGiven])).toEqual([
      ['ada', 15],
      ['both', 7.5],
      ['both', 10],
    ])
  })

  it('with what lateness takes off, and of several attempts the one that counts', async () => {
    const course = await newCourse()
    await db.prepare("update assignment set counts = 'best' where id = ?").bind(course.assignment).run()
    const ada = await studentOf(course)
    await handIn(course, ada, 1, 14)
    await handIn(course, ada, 2, 15, 10)
    await deliver(course, ada)
    expect(course.platform.book.scores.at(-1)).toMatchObject({ scoreGiven: 14 })
    await db.prepare("update assignment set counts = 'last' where id = ?").bind(course.assignment).run()
    await deliver(course, ada)
    expect(course.platform.book.scores.at(-1)).toMatchObject({
      scoreGiven: 13.5,
      comment: '13.5 of 20 points, attempt 2.\nLate: 1.5 points were taken off.',
    })
  })

  it('with a token that is asked for once, and anew when the platform has forgotten it', async () => {
    const course = await newCourse()
    const { platform } = course
    const ada = await studentOf(course)
    const submission = await handIn(course, ada, 1, 15)
    await deliver(course, ada)
    const before = platform.tokenRequests.length
    await grade(submission, 10)
    platform.faults.push(new Response(null, { status: 401 }))
    expect(await deliver(course, ada)).toEqual([])
    expect(platform.tokenRequests.length).toBe(before + 1)
    await grade(submission, 11)
    await deliver(course, ada)
    expect(platform.tokenRequests.length).toBe(before + 1)
    const [{ aud, iss, sub, exp, iat, jti }] = platform.tokenRequests
    expect({ aud, iss, sub, for: (exp ?? 0) - (iat ?? 0) }).toEqual({
      ...{ aud: `${platform.settings.url}/token`, iss: platform.settings.clientId, sub: platform.settings.clientId, for: 300 },
    })
    expect(jti).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('again when the platform is out of order, and what it refuses is told to the teacher', async () => {
    const course = await newCourse()
    const { platform } = course
    const ada = await studentOf(course)
    await handIn(course, ada, 1, 15)
    platform.faults.push(new Response(null, { status: 503 }))
    expect(await deliver(course, ada)).toEqual([expect.stringMatching(/^again: .*503/)])
    expect(await told(course)).toMatchObject([{ state: 'waiting', error: expect.stringContaining('503') }])
    expect(await deliver(course, ada)).toEqual([])
    platform.faults.push(new Response(null, { status: 403 }))
    await handIn(course, ada, 2, 10)
    expect(await deliver(course, ada)).toEqual([expect.stringMatching(/^given up: .*403.*services of the tool/)])
    expect(await told(course)).toMatchObject([{ state: 'failed', points: 15 }])
    // A column that was deleted there is made anew.
    platform.book.columns.length = 0
    expect(await deliver(course, ada)).toEqual([expect.stringMatching(/^again: .*404/)])
    expect(await deliver(course, ada)).toEqual([])
    expect(await told(course)).toMatchObject([{ state: 'sent', points: 10 }])
    // Also when the grade is the same as before: a teacher asks for it.
    platform.book.columns.length = 0
    expect(await deliver(course, ada)).toEqual([])
    expect(await deliver(course, ada, { anew: true })).toEqual([expect.stringMatching(/^again: .*404/)])
    expect(await deliver(course, ada)).toEqual([])
    expect(platform.book.scores.at(-1)).toMatchObject({ column: platform.book.columns[0].id, scoreGiven: 10 })
  })

  it('not at all where the platform offers no grade book, nor for who came from another course', async () => {
    const course = await newCourse()
    const { platform } = course
    const browser = course.browser()
    const endpoint = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'
    await browser.launch('ada', { ...course.toAssignment, instead: { [endpoint]: undefined } })
    const ada = await personIn(browser)
    await handIn(course, ada, 1, 15)
    expect(await deliver(course, ada)).toEqual([expect.stringMatching(/^given up: The platform offers no column/)])
    const stranger = await newCourse()
    await handIn(course, await studentOf(stranger), 1, 15)
    expect(await deliver(course, await studentOf(stranger))).toEqual([])
    expect(platform.book.scores).toEqual([])
  })
})

it('the address of scores stands before the query', () => {
  expect(scoresUrl('https://m.example/mod/lti/services.php/2/lineitems/3/lineitem?type_id=1')).toBe(
    'https://m.example/mod/lti/services.php/2/lineitems/3/lineitem/scores?type_id=1',
  )
})

it('the next page is found among other relations, and only at the same site', () => {
  const from = 'https://m.example/api?x=1'
  expect(nextOf('<https://m.example/api?p=2>; rel="next", <https://m.example/api>; rel="first"', from)).toBe(
    'https://m.example/api?p=2',
  )
  expect(nextOf('<https://m.example/a>; rel="differences", </api?p=3>; rel=next', from)).toBe('https://m.example/api?p=3')
  expect(nextOf('<https://evil.example/>; rel="next"', from)).toBe(null)
  expect(nextOf(null, from)).toBe(null)
})
