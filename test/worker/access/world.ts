import yaml from '../../../durable/definition/fixtures/two-rooms.yaml'
import { keyScopes, type Role } from '../../../worker/auth/actor.ts'
import { randomId, randomToken, sha256 } from '../../../worker/auth/tokens.ts'
import { openDatabase } from '../../../worker/db/database.ts'
import * as rows from '../../../worker/db/schema/index.ts'
import { origin, db as raw, service } from '../service.ts'
import { DoorHosts } from './door-hosts.ts'
import type { Who } from './rules.ts'

const db = openDatabase(raw)
const lasts = Date.now() + 3600_000

/** What everybody is in the organisation, and in its one course. */
const people: Record<Who, readonly [role: Role, enrolled: 'assistant' | 'student' | 'observer' | null]> = {
  owner: ['owner', null],
  teacher: ['teacher', null],
  assistant: ['assistant', 'assistant'],
  'other assistant': ['assistant', null],
  holder: ['student', 'student'],
  classmate: ['student', 'student'],
  'other student': ['student', null],
  'course observer': ['observer', 'observer'],
  observer: ['observer', null],
}

export type World = Awaited<ReturnType<typeof newWorld>>
export const hosts = new DoorHosts()
const { request } = service({
  LAB_HOST: hosts as unknown as DurableObjectNamespace,
  OUTBOUND_LOOPBACK: 'allow',
  LTI_KEY_SECRET: 'k'.repeat(43),
  OPERATOR_KEY: 'not-a-key-of-anybody',
})

export { request }

/** An organisation in which there is one of everything. */
export async function newWorld() {
  const mark = `mark-${randomId()}`
  const organisationId = randomId()
  const now = Date.now()
  const name = (what: string) => `${what} ${mark}`
  const headers = {} as Record<Who, Record<string, string>>
  const personIds = {} as Record<Who, string>
  let session = ''
  const made: unknown[] = [
    db.insert(rows.organisation).values({ id: organisationId, name: name('School'), jurisdiction: null, createdAt: now }),
  ]
  const add = (statement: unknown) => void made.push(statement)
  const courseId = randomId()
  const createdBy = { createdBy: 'somebody', createdByName: name('Somebody'), createdAt: now }
  add(
    db.insert(rows.course).values({
      id: courseId,
      organisationId,
      title: name('Course'),
      joinCode: randomId().slice(0, 8).toUpperCase(),
      createdBy: 'somebody',
      createdAt: now,
    }),
  )
  for (const who of Object.keys(people) as Who[]) {
    const [role, enrolled] = people[who]
    const id = randomId()
    const token = randomToken()
    personIds[who] = id
    if (who === 'holder') session = (await sha256(token)).slice(0, 16)
    headers[who] = { cookie: `switchroom_session=${token}`, origin }
    add(db.insert(rows.person).values({ id, name: name(who), createdAt: now }))
    add(db.insert(rows.membership).values({ organisationId, personId: id, role, createdAt: now }))
    add(
      db
        .insert(rows.session)
        .values({ tokenHash: await sha256(token), personId: id, organisationId, createdAt: now, expiresAt: lasts }),
    )
    if (enrolled !== null) add(db.insert(rows.enrolment).values({ courseId, personId: id, role: enrolled, createdAt: now }))
  }
  const spare = randomId()
  add(db.insert(rows.person).values({ id: spare, name: name('spare'), createdAt: now }))
  add(db.insert(rows.membership).values({ organisationId, personId: spare, role: 'student', createdAt: now }))
  const removed = randomId()
  add(db.insert(rows.person).values({ id: removed, name: name('removed'), createdAt: now }))
  const elsewhere = { issuer: 'lti:https://127.0.0.1:9', subject: removed, personId: removed, role: 'student' as const }
  add(db.insert(rows.externalIdentity).values({ organisationId, ...elsewhere, createdAt: now }))
  const keys = {} as Record<string, Record<string, string>>
  let keyId = ''
  for (const scopes of [...keyScopes.map((one) => [one]), [...keyScopes]]) {
    const token = randomToken('sr_')
    keyId = randomId()
    keys[scopes.length === 1 ? scopes[0] : 'all'] = { authorization: `Bearer ${token}` }
    add(
      db.insert(rows.apiKey).values({
        id: keyId,
        tokenHash: await sha256(token),
        organisationId,
        personId: null,
        label: name('Key'),
        scopes,
        createdAt: now,
      }),
    )
  }
  const personKeys = {} as Record<Who, Record<string, string>>
  for (const who of Object.keys(people) as Who[]) {
    const token = randomToken('sr_')
    personKeys[who] = { authorization: `Bearer ${token}` }
    const its = { id: randomId(), tokenHash: await sha256(token), organisationId, personId: personIds[who] }
    add(db.insert(rows.apiKey).values({ ...its, label: name('Key of a person'), scopes: [...keyScopes], createdAt: now }))
  }
  const holder = personIds.holder
  const assignmentId = randomId()
  add(
    db.insert(rows.assignment).values({
      ...{ id: assignmentId, organisationId, courseId, title: name('Assignment'), brief: name('Brief'), catalogueSlug: null },
      ...{ definition: yaml, labBrief: '', rubric: null, rubricVersion: 1, state: 'published', opensAt: null, dueAt: null },
      ...{ closesAt: null, attempts: null, late: { percentPerDay: 0, graceMinutes: 0, mostDays: null }, variants: 'same' },
      ...{ forGroups: false, selfChecks: true, counts: 'last', seedSecret: name('secret'), templateLabId: null },
      ...{ createdBy: 'somebody', createdAt: now, updatedAt: now },
    }),
  )
  const addLab = (kind: 'own' | 'copy' | 'submission' | 'view') => {
    const id = randomId()
    const ofCourse = kind === 'own' || kind === 'view' ? null : assignmentId
    add(
      db.insert(rows.lab).values({
        ...{ id, organisationId, createdBy: holder, createdByName: name('holder'), title: name(kind), slug: null, kind },
        ...{
          assignmentId: ofCourse,
          objectId: `object-${id}`,
          jurisdiction: null,
          state: 'ready',
          seed: 1,
          createdAt: now,
          updatedAt: now,
        },
      }),
    )
    return id
  }
  const [own, copyLab, submissionLab, view] = [addLab('own'), addLab('copy'), addLab('submission'), addLab('view')]
  add(db.insert(rows.labView).values({ labId: view, organisationId, ofLab: own, actorId: holder, line: 0, expiresAt: lasts }))
  const [copyId, submissionId, groupId, commentId, requestId] = [randomId(), randomId(), randomId(), randomId(), randomId()]
  const held = { holder: `person:${holder}`, createdAt: now }
  add(db.insert(rows.courseGroup).values({ id: groupId, courseId, name: name('Group'), createdAt: now }))
  add(
    db
      .insert(rows.copy)
      .values({ id: copyId, assignmentId, personId: holder, groupId: null, labId: copyLab, seed: 1, lastActiveAt: now, ...held }),
  )
  add(
    db.insert(rows.submission).values({
      ...{ id: submissionId, organisationId, assignmentId, copyId, holder: held.holder, attempt: 1, labId: submissionLab },
      ...{ submittedBy: holder, submittedAt: now, lateMs: 0, latePercent: 0, state: 'graded' },
    }),
  )
  add(
    db
      .insert(rows.comment)
      .values({ id: commentId, submissionId, checkId: null, text: name('Comment'), ...createdBy, createdBy: holder }),
  )
  add(db.insert(rows.override).values({ submissionId, checkId: '', points: 1, reason: name('Reason'), ...createdBy }))
  add(
    db.insert(rows.regradeRequest).values({
      id: requestId,
      submissionId,
      checkId: null,
      text: name('Request'),
      state: 'open',
      createdBy: holder,
      createdAt: now,
    }),
  )
  const stageId = randomId()
  add(
    db.insert(rows.stage).values({ id: stageId, assignmentId, name: name('Stage'), labId: copyLab, given: true, createdAt: now }),
  )
  add(
    db.insert(rows.extension).values({
      ...{ assignmentId, personId: personIds.classmate, dueAt: null, extraAttempts: 1, reason: name('Reason') },
      ...{ createdBy: 'somebody', createdAt: now },
    }),
  )
  const linkToken = randomToken()
  const links = { own: randomId(), copy: randomId() }
  const tokens = { own: randomId(), copy: randomId() }
  for (const [object, labId] of Object.entries({ own, copy: copyLab }) as ['own' | 'copy', string][]) {
    const tokenHash = await sha256(object === 'copy' ? linkToken : randomToken())
    add(
      db.insert(rows.labLink).values({
        ...{ id: links[object], tokenHash, organisationId, labId, kind: 'invite', role: 'watch', mode: null },
        ...{ label: name('Link'), ...createdBy, createdBy: holder, expiresAt: lasts },
      }),
    )
    add(
      db.insert(rows.portToken).values({
        ...{ id: tokens[object], tokenHash: randomId(), organisationId, labId, port: 'home:5', label: name('Port'), mac: null },
        ...{ ...createdBy, createdBy: holder, expiresAt: lasts },
      }),
    )
  }
  const [invitationId, webhookId, deliveryId, platformId, contextId, launchId] = Array.from({ length: 6 }, randomId)
  add(
    db.insert(rows.invitation).values({
      id: invitationId,
      tokenHash: randomId(),
      organisationId,
      role: 'student',
      name: name('Invited'),
      ...createdBy,
      expiresAt: lasts,
    }),
  )
  const url = 'https://127.0.0.1:9/hook'
  add(
    db.insert(rows.webhook).values({
      id: webhookId,
      organisationId,
      label: name('Webhook'),
      url,
      events: ['grade.changed'],
      secret: name('secret'),
      paused: false,
      ...createdBy,
    }),
  )
  add(
    db.insert(rows.webhookDelivery).values({
      id: deliveryId,
      webhookId,
      event: 'grade.changed',
      payload: name('{}'),
      state: 'failed',
      attempts: 1,
      status: null,
      answer: name('answer'),
      createdAt: now,
    }),
  )
  const issuer = `https://127.0.0.1:9/${platformId}`
  add(
    db.insert(rows.ltiPlatform).values({
      ...{ id: platformId, organisationId, name: name('Platform'), issuer, clientId: 'client', authUrl: `${issuer}/auth` },
      ...{
        tokenUrl: `${issuer}/token`,
        jwksUrl: `${issuer}/jwks`,
        tokenAudience: null,
        frameOrigins: [],
        instructorRole: 'teacher',
      },
      ...{ createdBy: 'somebody', createdAt: now },
    }),
  )
  add(
    db.insert(rows.ltiContext).values({
      ...{ id: contextId, organisationId, platformId, deploymentId: 'd', foreignId: 'f', title: name('Context'), courseId },
      ...{ membershipsUrl: null, lineItemsUrl: null, scopes: [], createdAt: now },
    }),
  )
  add(
    db.insert(rows.ltiLaunch).values({
      ...{
        id: launchId,
        organisationId,
        platformId,
        contextId,
        personId: personIds.teacher,
        courseRole: 'teacher',
        deploymentId: 'd',
      },
      ...{ messageType: 'LtiResourceLinkRequest', link: { id: 'l', title: name('Link'), lineItemUrl: null }, deepLinking: null },
      ...{ path: '/', ticketHash: null, createdAt: now, expiresAt: lasts },
    }),
  )
  const [authoredId, versionId] = [randomId(), randomId()]
  const texts = { definition: yaml, brief: name('Brief'), solutions: [{ name: 'walk', text: '# nothing' }] }
  const headline = { title: name('Authored'), summary: '' }
  add(
    db.insert(rows.authoredLab).values({
      id: authoredId,
      organisationId,
      ...headline,
      ownerId: personIds.teacher,
      ownerName: name('teacher'),
      state: 'published',
      origin: null,
      createdAt: now,
      updatedAt: now,
    }),
  )
  add(
    db
      .insert(rows.authoredDraft)
      .values({ labId: authoredId, revision: 1, ...texts, savedBy: 'somebody', savedByName: name('Somebody'), savedAt: now }),
  )
  add(
    db.insert(rows.authoredVersion).values({
      ...{ id: versionId, organisationId, labId: authoredId, number: 1, ...headline, ...texts, sha256: 'x', note: name('Note') },
      ...{ publishedBy: 'somebody', publishedByName: name('Somebody'), publishedAt: now },
    }),
  )
  await db.batch(made as unknown as Parameters<typeof db.batch>[0])
  return {
    mark,
    organisationId,
    headers,
    keys,
    /** For everybody one with every scope that acts for them. */
    personKeys,
    /** Ids by the name that the table has for them. */
    ids: {
      ...{
        own,
        copy: copyLab,
        view,
        submissionLab,
        course: courseId,
        assignment: assignmentId,
        submission: submissionId,
        group: groupId,
      },
      ...{
        comment: commentId,
        request: requestId,
        linkToken,
        'own link': links.own,
        'copy link': links.copy,
        'own token': tokens.own,
        'copy token': tokens.copy,
        key: keyId,
        invitation: invitationId,
      },
      ...{
        webhook: webhookId,
        delivery: deliveryId,
        platform: platformId,
        context: contextId,
        launch: launchId,
        authored: authoredId,
      },
      ...{
        version: versionId,
        person: spare,
        removed,
        session,
        stage: stageId,
        student: personIds.classmate,
        job: '',
        organisation: organisationId,
      },
    } as Record<string, string>,
  }
}
