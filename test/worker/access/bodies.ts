import yaml from '../../../durable/definition/fixtures/two-rooms.yaml'

/** An id that nothing has. */
export const NONE = '00000000000000000000'

type Ids = Readonly<Record<string, string>>

/** A body that is taken by each route that wants one. */
export const bodies: Readonly<Record<string, (ids: Ids) => unknown>> = {
  'POST /v1/labs': () => ({ definition: 'title: A', seed: 1 }),
  'POST /v1/labs/{id}/advance': () => ({ by: 1_000_000 }),
  'POST /v1/labs/{id}/answers': () => ({ check: 'a', value: '1' }),
  'POST /v1/labs/{id}/chat': () => ({ text: 'Hello' }),
  'POST /v1/labs/{id}/exec': () => ({ console: 'pc', line: 'dir', clientId: 'abcdefgh' }),
  'POST /v1/labs/{id}/fork': () => ({}),
  'POST /v1/labs/{id}/grade': () => ({}),
  'POST /v1/labs/{id}/hand': () => ({ action: 'plug', link: 'a' }),
  'POST /v1/labs/{id}/hints': () => ({ check: 'a', number: 1 }),
  'POST /v1/labs/{id}/interrupt': () => ({ console: 'pc' }),
  'POST /v1/labs/{id}/links': () => ({ kind: 'invite', role: 'watch' }),
  'POST /v1/labs/{id}/ports/{port}/tokens': () => ({}),
  'POST /v1/labs/{id}/query': () => ({ query: 'dns' }),
  'POST /v1/labs/{id}/rewind': () => ({ line: 1 }),
  'POST /v1/labs/{id}/snapshots': () => ({ name: 'a' }),
  'POST /v1/labs/{id}/undo': () => ({ line: 1 }),
  'POST /v1/labs/{id}/views': () => ({ line: 0 }),
  'PATCH /v1/labs/{id}/clock': () => ({ mode: 'instant' }),
  'POST /v1/links/open': ({ linkToken }) => ({ token: linkToken }),
  'POST /v1/authored-labs': () => ({}),
  'POST /v1/authored-labs/validate': () => ({ definition: 'title: A' }),
  'PATCH /v1/authored-labs/{id}/draft': () => ({ revision: 1, brief: 'Other' }),
  'POST /v1/authored-labs/{id}/publish': () => ({ revision: 1 }),
  'POST /v1/authored-labs/{id}/restore': () => ({ version: 1, revision: 1 }),
  'POST /v1/authored-labs/{id}/try': () => ({}),
  'POST /v1/authored-labs/{id}/solve': () => ({ solution: 'walk' }),
  'POST /v1/courses': () => ({ title: 'New' }),
  'PATCH /v1/courses/{course}': () => ({ title: 'Other' }),
  'POST /v1/courses/{course}/assignments': () => ({ definition: yaml }),
  'POST /v1/courses/{course}/groups': () => ({ name: 'G', members: [] }),
  'PATCH /v1/courses/{course}/groups/{group}': () => ({ name: 'H', members: [] }),
  'POST /v1/courses/{course}/people': ({ person }) => ({ person, role: 'student' }),
  'PATCH /v1/courses/{course}/people/{person}': () => ({ role: 'student' }),
  'POST /v1/courses/{course}/roster': () => ({ csv: 'name\nNew' }),
  'POST /v1/courses/{course}/roster/preview': () => ({ csv: 'name\nNew' }),
  'PATCH /v1/assignments/{assignment}': () => ({ title: 'Other' }),
  'POST /v1/assignments/{assignment}/regrade': () => ({ reason: 'because' }),
  'POST /v1/assignments/{assignment}/reset': () => ({}),
  'POST /v1/assignments/{assignment}/submissions': () => ({}),
  'POST /v1/grading/jobs': ({ own }) => ({ labs: [own] }),
  'POST /v1/invitations': () => ({ role: 'student' }),
  'POST /v1/keys': () => ({ label: 'K', scopes: ['labs:read'] }),
  'POST /v1/people': () => ({ name: 'P', role: 'student' }),
  'POST /v1/submissions/{submission}/comments': () => ({ text: 'Hm' }),
  'PUT /v1/submissions/{submission}/override': () => ({ points: 1, reason: 'because' }),
  'POST /v1/submissions/{submission}/regrade-requests': () => ({ text: 'Please' }),
  'POST /v1/submissions/{submission}/regrade-requests/{request}/answer': () => ({ accept: false, answer: 'No' }),
  'POST /v1/webhooks': () => ({ label: 'W', url: 'https://127.0.0.1:9/x', events: ['grade.changed'] }),
  'PATCH /v1/webhooks/{webhook}': () => ({ label: 'V' }),
  'POST /v1/lti/keys/rotate': () => ({}),
  'POST /v1/lti/platforms': () => ({
    ...{ name: 'P', issuer: 'https://127.0.0.1:9', clientId: 'c', authUrl: 'https://127.0.0.1:9/a' },
    ...{ tokenUrl: 'https://127.0.0.1:9/t', jwksUrl: 'https://127.0.0.1:9/j' },
  }),
  'PATCH /v1/lti/platforms/{platform}': () => ({ name: 'Q' }),
  'PATCH /v1/lti/courses/{context}': ({ course }) => ({ course }),
  'POST /v1/lti/launches/{launch}/assignment': ({ assignment }) => ({ assignment }),
  'POST /v1/lti/launches/{launch}/course': ({ course }) => ({ course }),
  'PATCH /v1/account': () => ({ name: 'N' }),
  'POST /v1/account/address': () => ({ email: 'a@example.com' }),
  'POST /v1/account/address/proof': () => ({ token: 'xxxxxxxx' }),
  'POST /v1/account/erase': () => ({ name: 'not the name' }),
  'POST /v1/account/organisation': ({ organisation }) => ({ id: organisation }),
  'POST /v1/account/password': () => ({ password: 'correct horse battery staple' }),
  'PATCH /v1/organisation': () => ({ joinByCode: true }),
  'PATCH /v1/people/{id}': () => ({ name: 'N' }),
  'POST /v1/people/{id}/erase': () => ({ name: 'not the name' }),
  'POST /v1/operator/organisations': () => ({ name: 'O' }),
  'PATCH /v1/operator/organisations/{id}': () => ({ suspended: true }),
  'POST /v1/assignments/{assignment}/similarity': () => ({}),
  'PUT /v1/assignments/{assignment}/extensions/{person}': () => ({ dueAt: null, extraAttempts: 1 }),
  'POST /v1/assignments/{assignment}/stages': ({ own }) => ({ name: 'S', labId: own }),
  'PATCH /v1/assignments/{assignment}/stages/{stage}': () => ({ name: 'T' }),
  'POST /v1/assignments/{assignment}/stages/{stage}/give': () => ({}),
  'POST /auth/first-owner': () => ({ token: 'xxxxxxxx', organisation: 'O', name: 'N' }),
  'POST /auth/invitation/accept': () => ({ token: 'xxxxxxxx' }),
  'POST /auth/invitation/look': () => ({ token: 'xxxxxxxx' }),
  'POST /auth/join': () => ({ code: 'XXXXXXXX' }),
  'POST /auth/join/look': () => ({ code: 'XXXXXXXX' }),
  'POST /auth/mail': () => ({ email: 'a@example.com' }),
  'POST /auth/mail/open': () => ({ token: 'xxxxxxxx' }),
  'POST /auth/password': () => ({ email: 'a@example.com', password: 'xxxxxxxxxxxx' }),
  'POST /auth/return': () => ({ code: 'XXXX-XXXX' }),
}

/** What comes as a form. */
export const forms: Readonly<Record<string, (ids: Ids) => string>> = {
  'POST /v1/lti/launches/{launch}/answer': ({ assignment = '' }) => `assignment=${assignment}`,
}

/** What stands in the braces of a path. */
export function pathOf(route: string, ids: Ids, object: string): string {
  const lab = ids[object] ?? 'none'
  const [, path = ''] = route.split(' ')
  const id = path.startsWith('/v1/labs/')
    ? lab
    : path.startsWith('/v1/people')
      ? ids[path.endsWith('/readmit') ? 'removed' : 'person']
      : path.startsWith('/v1/account')
        ? ids['session']
        : path.startsWith('/v1/operator')
          ? ids['organisation']
          : path.startsWith('/v1/keys')
            ? ids['key']
            : path.startsWith('/v1/authored-labs')
              ? ids['authored']
              : ids['invitation']
  const plain: Ids = {
    machine: 'pc',
    table: 'routes',
    packet: '1',
    sequence: '1',
    message: '1',
    number: '1',
    check: 'a',
    port: 'home:5',
    provider: 'none',
  }
  const job = path.startsWith('/v1/labs/') ? '1' : ids['job']
  const person = /^\/v1\/(courses|assignments)\//.test(path) ? ids['student'] : ids['person']
  const filled = path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => ({ id, job, person, task: '1' })[name] ?? plain[name] ?? ids[`${object} ${name}`] ?? ids[name] ?? 'none',
  )
  return filled + (queries[route] ?? '')
}

const queries: Readonly<Record<string, string>> = { 'GET /v1/authored-labs/{id}/diff': '?from=1' }
