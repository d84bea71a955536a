// Who may do what on every route, by hand and in full: a route that is missing here fails the test (docs/decisions/0009).
// `node scripts/run.mjs scripts/access.ts` writes docs/access.md from it.

export const everybody = [
  'owner',
  'teacher',
  'assistant',
  'other assistant',
  'holder',
  'classmate',
  'other student',
  'course observer',
  'observer',
] as const
export type Who = (typeof everybody)[number]

/** For each of `everybody`, in that order: + may; - is told that they may not (403); 0 is told that there is none (404). */
type Outcomes = string
type Rule = {
  readonly words: string
  /** By object: labs are somebody's own or the copy of an assignment, everything else is `it`. */
  readonly on: Readonly<Record<string, Outcomes>>
  /** A key that acts for nobody, with the scope of the route; absent: it may. */
  readonly machine?: '-' | '0'
}

export const rules = {
  'organisation: everybody': { words: 'whoever belongs to the organisation', on: { it: '+++++++++' } },
  'organisation: students': { words: 'whoever may have labs', on: { it: '+++++++--' } },
  'organisation: assistants': { words: 'those who teach', on: { it: '++++-----' } },
  'organisation: teachers': { words: 'teachers and owners', on: { it: '++-------' } },
  'organisation: owners': { words: 'owners', on: { it: '+--------' } },
  'lab: watch': { words: 'whoever may see the lab', on: { own: '+++++++++', copy: '+++0+00+0' } },
  'lab: work': { words: 'whoever may type in the lab', on: { own: '+++++++--', copy: '+++0+00-0' } },
  'lab: teach': { words: 'those who teach there', on: { own: '++++-----', copy: '+++0-00-0' } },
  'course: see': { words: 'whoever has a part in the course', on: { it: '+++0++0+0' } },
  'course: study': { words: 'its students', on: { it: '---0++0-0' }, machine: '-' },
  'course: watch': { words: 'those who teach it, and its observers', on: { it: '+++0--0+0' } },
  'course: assist': { words: 'those who teach it', on: { it: '+++0--0-0' } },
  'course: manage': { words: 'its teachers', on: { it: '++-0--0-0' } },
  'submission: read': { words: 'who handed it in, who teaches the course, its observers', on: { it: '+++0+00+0' } },
  'submission: speak': { words: 'who handed it in, who teaches the course', on: { it: '+++0+00-0' } },
  'submission: grade': { words: 'who teaches the course', on: { it: '+++0-00-0' } },
  'organisation: people': {
    words: 'whoever belongs to the organisation; keys for machines do not',
    on: { it: '+++++++++' },
    machine: '-',
  },
  'lab: view': { words: 'who looks at that moment, teachers and owners', on: { view: '++00+0000' } },
  'lab: delete': {
    words: 'who made it, and those who teach; labs of assignments answer 409',
    on: { own: '+++++----', copy: '+++0+00-0' },
  },
  'lab: invite': { words: 'who made it, and those who teach there', on: { own: '+++++----', copy: '+++0-00-0' } },
  'job: read': { words: 'teachers and owners, and who has started it', on: { it: '++0000000' } },
  'launch: its person': { words: 'who came in by it', on: { it: '0+0000000' }, machine: '0' },
  'submission: own words': { words: 'who wrote it', on: { it: '0000+00-0' }, machine: '0' },
  'submission: ask': { words: 'who handed it in', on: { it: '---0+00-0' }, machine: '-' },
  open: { words: 'anybody: what is sent is the secret', on: {} },
} satisfies Record<string, Rule>

type Group = {
  readonly rule: keyof typeof rules
  /** What a key needs; organisation:write: no key can have it. */
  readonly scope: string
  readonly routes: readonly string[]
}

/**
 * Routes whose last object the test does not make: whoever may is told that there is none of it, in other words than whoever may
 * not see what it is part of.
 */
export const withoutObject: readonly string[] = [
  'POST /v1/dead-letters/{task}/retry',
  'GET /v1/submissions/{submission}/checks/{check}/evidence',
]

export const matrix: readonly Group[] = [
  {
    rule: 'course: assist',
    scope: 'courses:read',
    routes: ['POST /v1/assignments/{assignment}/review'],
  },
  {
    rule: 'course: assist',
    scope: 'grades:read',
    routes: ['GET /v1/assignments/{assignment}/rubrics'],
  },
  {
    rule: 'course: assist',
    scope: 'grades:write',
    routes: ['POST /v1/assignments/{assignment}/regrade'],
  },
  {
    rule: 'course: manage',
    scope: 'courses:read',
    routes: ['GET /v1/courses/{course}/others'],
  },
  {
    rule: 'course: manage',
    scope: 'courses:write',
    routes: [
      'PATCH /v1/assignments/{assignment}',
      'DELETE /v1/assignments/{assignment}',
      'POST /v1/assignments/{assignment}/archive',
      'POST /v1/assignments/{assignment}/publish',
      'PATCH /v1/courses/{course}',
      'POST /v1/courses/{course}/assignments',
      'POST /v1/courses/{course}/groups',
      'PATCH /v1/courses/{course}/groups/{group}',
      'DELETE /v1/courses/{course}/groups/{group}',
      'POST /v1/courses/{course}/join-code',
      'DELETE /v1/courses/{course}/join-code',
      'POST /v1/courses/{course}/people',
      'PATCH /v1/courses/{course}/people/{person}',
      'DELETE /v1/courses/{course}/people/{person}',
      'POST /v1/courses/{course}/roster',
      'POST /v1/courses/{course}/roster/preview',
    ],
  },
  {
    rule: 'course: see',
    scope: 'courses:read',
    routes: [
      'GET /v1/assignments/{assignment}',
      'GET /v1/assignments/{assignment}/submissions',
      'GET /v1/courses/{course}',
      'GET /v1/courses/{course}/assignments',
    ],
  },
  {
    rule: 'course: study',
    scope: 'courses:write',
    routes: [
      'POST /v1/assignments/{assignment}/reset',
      'POST /v1/assignments/{assignment}/submissions',
      'POST /v1/assignments/{assignment}/undo-reset',
      'POST /v1/assignments/{assignment}/open',
    ],
  },
  {
    rule: 'course: watch',
    scope: 'courses:read',
    routes: ['GET /v1/courses/{course}/groups', 'GET /v1/courses/{course}/people'],
  },
  {
    rule: 'course: watch',
    scope: 'grades:read',
    routes: [
      'GET /v1/assignments/{assignment}/grades',
      'GET /v1/assignments/{assignment}/grades.csv',
      'GET /v1/assignments/{assignment}/grades.xml',
      'GET /v1/assignments/{assignment}/regrade-requests',
    ],
  },
  {
    rule: 'job: read',
    scope: 'grades:read',
    routes: ['GET /v1/jobs/{job}', 'GET /v1/jobs/{job}/grades.csv', 'GET /v1/jobs/{job}/junit.xml', 'GET /v1/jobs/{job}/results'],
  },
  {
    rule: 'job: read',
    scope: 'grades:write',
    routes: ['POST /v1/jobs/{job}/cancel', 'POST /v1/jobs/{job}/retry'],
  },
  {
    rule: 'lab: delete',
    scope: 'labs:write',
    routes: ['DELETE /v1/labs/{id}'],
  },
  {
    rule: 'lab: invite',
    scope: 'labs:write',
    routes: ['GET /v1/labs/{id}/links', 'POST /v1/labs/{id}/links', 'DELETE /v1/labs/{id}/links/{link}'],
  },
  {
    rule: 'lab: teach',
    scope: 'labs:check',
    routes: ['POST /v1/labs/{id}/grade'],
  },
  {
    rule: 'lab: view',
    scope: 'labs:read',
    routes: ['GET /v1/labs/{id}/view'],
  },
  {
    rule: 'lab: watch',
    scope: 'labs:read',
    routes: [
      'GET /v1/labs/{id}',
      'GET /v1/labs/{id}/assignment',
      'GET /v1/labs/{id}/capture.pcapng',
      'GET /v1/labs/{id}/chat',
      'GET /v1/labs/{id}/clock',
      'GET /v1/labs/{id}/export',
      'GET /v1/labs/{id}/history',
      'GET /v1/labs/{id}/jobs/{job}',
      'GET /v1/labs/{id}/jobs/{job}/why',
      'GET /v1/labs/{id}/journal',
      'GET /v1/labs/{id}/leases',
      'GET /v1/labs/{id}/machines/{machine}/tables/{table}',
      'GET /v1/labs/{id}/packets',
      'GET /v1/labs/{id}/packets/{packet}/why',
      'GET /v1/labs/{id}/packets/{sequence}',
      'GET /v1/labs/{id}/port-tokens',
      'GET /v1/labs/{id}/ports',
      'POST /v1/labs/{id}/query',
      'GET /v1/labs/{id}/socket',
      'GET /v1/labs/{id}/tasks',
      'GET /v1/labs/{id}/topology',
      'POST /v1/labs/{id}/views',
    ],
  },
  {
    rule: 'lab: work',
    scope: 'labs:check',
    routes: ['POST /v1/labs/{id}/check'],
  },
  {
    rule: 'lab: work',
    scope: 'labs:write',
    routes: [
      'POST /v1/labs/{id}/advance',
      'POST /v1/labs/{id}/answers',
      'POST /v1/labs/{id}/chat',
      'DELETE /v1/labs/{id}/chat/{message}',
      'PATCH /v1/labs/{id}/clock',
      'POST /v1/labs/{id}/exec',
      'POST /v1/labs/{id}/fork',
      'POST /v1/labs/{id}/hand',
      'POST /v1/labs/{id}/hints',
      'POST /v1/labs/{id}/interrupt',
      'DELETE /v1/labs/{id}/port-tokens/{token}',
      'POST /v1/labs/{id}/ports/{port}/tokens',
      'POST /v1/labs/{id}/ports/{port}/unplug',
      'POST /v1/labs/{id}/replay',
      'POST /v1/labs/{id}/reset',
      'POST /v1/labs/{id}/rewind',
      'POST /v1/labs/{id}/snapshots',
      'POST /v1/labs/{id}/undo',
    ],
  },
  {
    rule: 'launch: its person',
    scope: 'courses:read',
    routes: ['GET /v1/lti/launches/{launch}', 'POST /v1/lti/launches/{launch}/answer'],
  },
  {
    rule: 'launch: its person',
    scope: 'courses:write',
    routes: ['POST /v1/lti/launches/{launch}/assignment', 'POST /v1/lti/launches/{launch}/course'],
  },
  {
    rule: 'open',
    scope: '-',
    routes: [
      'POST /auth/first-owner',
      'POST /auth/invitation/accept',
      'POST /auth/invitation/look',
      'POST /auth/join',
      'POST /auth/join/look',
      'GET /auth/link/{token}',
      'POST /auth/mail',
      'POST /auth/mail/open',
      'GET /auth/oidc/{provider}',
      'POST /auth/password',
      'GET /auth/proof/callback/{provider}',
      'POST /auth/return',
      'GET /auth/session',
      'POST /auth/sign-out',
      'GET /auth/ways',
      'GET /health',
      'POST /lti/{organisation}/enter',
      'GET /lti/{organisation}/jwks.json',
      'POST /lti/{organisation}/launch',
      'GET /lti/{organisation}/launch',
      'GET /lti/{organisation}/login',
      'POST /lti/{organisation}/login',
      'GET /v1/labs/{id}/ports/{port}/attach',
    ],
  },
  {
    rule: 'organisation: assistants',
    scope: 'courses:read',
    routes: [
      'GET /v1/authored-labs',
      'POST /v1/authored-labs/validate',
      'GET /v1/authored-labs/{id}',
      'GET /v1/authored-labs/{id}/diff',
      'GET /v1/authored-labs/{id}/versions',
      'GET /v1/authored-labs/{id}/versions/{number}',
    ],
  },
  {
    rule: 'organisation: everybody',
    scope: 'courses:read',
    routes: ['GET /v1/assignments', 'GET /v1/courses'],
  },
  {
    rule: 'organisation: everybody',
    scope: 'grades:read',
    routes: ['GET /v1/jobs'],
  },
  {
    rule: 'organisation: everybody',
    scope: 'labs:read',
    routes: ['GET /v1/catalogue', 'GET /v1/labs'],
  },
  {
    rule: 'organisation: owners',
    scope: 'organisation:write',
    routes: [
      'GET /v1/keys',
      'POST /v1/keys',
      'DELETE /v1/keys/{id}',
      'POST /v1/lti/keys/rotate',
      'POST /v1/lti/platforms',
      'PATCH /v1/lti/platforms/{platform}',
      'DELETE /v1/lti/platforms/{platform}',
      'POST /v1/lti/platforms/{platform}/test',
    ],
  },
  {
    rule: 'organisation: people',
    scope: 'labs:read',
    routes: ['POST /v1/links/open'],
  },
  {
    rule: 'organisation: students',
    scope: 'labs:write',
    routes: ['POST /v1/labs', 'POST /v1/labs/import'],
  },
  {
    rule: 'organisation: teachers',
    scope: 'courses:write',
    routes: [
      'POST /v1/authored-labs',
      'DELETE /v1/authored-labs/{id}',
      'PATCH /v1/authored-labs/{id}/draft',
      'POST /v1/authored-labs/{id}/publish',
      'POST /v1/authored-labs/{id}/restore',
      'POST /v1/authored-labs/{id}/solve',
      'POST /v1/authored-labs/{id}/try',
      'POST /v1/authored-labs/{id}/withdraw',
      'POST /v1/courses',
    ],
  },
  {
    rule: 'organisation: teachers',
    scope: 'grades:read',
    routes: ['GET /v1/dead-letters'],
  },
  {
    rule: 'organisation: teachers',
    scope: 'grades:write',
    routes: ['POST /v1/dead-letters/{task}/retry', 'POST /v1/grading/jobs'],
  },
  {
    rule: 'organisation: teachers',
    scope: 'organisation:write',
    routes: [
      'GET /v1/invitations',
      'POST /v1/invitations',
      'DELETE /v1/invitations/{id}',
      'GET /v1/lti',
      'GET /v1/lti/courses',
      'PATCH /v1/lti/courses/{context}',
      'GET /v1/lti/courses/{context}/grades',
      'POST /v1/lti/courses/{context}/grades',
      'POST /v1/lti/courses/{context}/roster',
      'GET /v1/people',
      'POST /v1/people',
      'DELETE /v1/people/{id}',
      'POST /v1/people/{id}/sign-in-link',
      'GET /v1/webhooks',
      'POST /v1/webhooks',
      'PATCH /v1/webhooks/{webhook}',
      'DELETE /v1/webhooks/{webhook}',
      'GET /v1/webhooks/{webhook}/deliveries',
      'POST /v1/webhooks/{webhook}/deliveries/{delivery}/again',
      'POST /v1/webhooks/{webhook}/rotate',
      'POST /v1/webhooks/{webhook}/test',
    ],
  },
  {
    rule: 'submission: ask',
    scope: 'grades:write',
    routes: ['POST /v1/submissions/{submission}/regrade-requests'],
  },
  {
    rule: 'submission: grade',
    scope: 'grades:read',
    routes: ['GET /v1/submissions/{submission}/archive'],
  },
  {
    rule: 'submission: grade',
    scope: 'grades:write',
    routes: [
      'PUT /v1/submissions/{submission}/override',
      'DELETE /v1/submissions/{submission}/override',
      'POST /v1/submissions/{submission}/regrade',
      'POST /v1/submissions/{submission}/regrade-requests/{request}/answer',
    ],
  },
  {
    rule: 'submission: own words',
    scope: 'grades:write',
    routes: ['DELETE /v1/submissions/{submission}/comments/{comment}'],
  },
  {
    rule: 'submission: read',
    scope: 'grades:read',
    routes: ['GET /v1/submissions/{submission}', 'GET /v1/submissions/{submission}/checks/{check}/evidence'],
  },
  {
    rule: 'submission: speak',
    scope: 'grades:write',
    routes: ['POST /v1/submissions/{submission}/comments'],
  },
]
