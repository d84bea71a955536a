import type { Db } from '../database.ts'
import { answersOf } from './answers.ts'
import { arrivalsOf } from './arrivals.ts'
import { assignmentsOf } from './assignments.ts'
import { auditOf } from './audit.ts'
import { authoredOf } from './authored.ts'
import { copiesOf } from './copies.ts'
import { coursesOf } from './courses.ts'
import { gradesOf } from './grades.ts'
import { groupsOf } from './groups.ts'
import { invitationsOf } from './invitations.ts'
import { keysOf } from './keys.ts'
import { labsOf } from './labs.ts'
import { linksOf } from './links.ts'
import { ltiContextsOf } from './lti-contexts.ts'
import { ltiKeysOf } from './lti-keys.ts'
import { ltiLoginsOf } from './lti-logins.ts'
import { ltiPeopleOf } from './lti-people.ts'
import { ltiPlatformsOf } from './lti-platforms.ts'
import { ltiReturnsOf } from './lti-returns.ts'
import { organisationOf } from './organisation.ts'
import { peopleOf } from './people.ts'
import { personalOf } from './personal.ts'
import { portTokensOf } from './port-tokens.ts'
import { proofsOf } from './proofs.ts'
import { remarksOf } from './remarks.ts'
import { rosterOf } from './roster.ts'
import { stagesOf } from './stages.ts'
import { submissionsOf } from './submissions.ts'
import { viewsOf } from './views.ts'
import { webhooksOf } from './webhooks.ts'

/**
 * The only way to the rows of a tenant. Every statement behind it carries the organisation, so that a route cannot forget it
 * and an id of another tenant finds nothing.
 */
export const tenantDb = (db: Db, organisationId: string) => ({
  organisationId,
  answers: answersOf(db, organisationId),
  arrivals: arrivalsOf(db, organisationId),
  audit: auditOf(db, organisationId),
  assignments: assignmentsOf(db, organisationId),
  copies: copiesOf(db, organisationId),
  courses: coursesOf(db, organisationId),
  groups: groupsOf(db, organisationId),
  authored: authoredOf(db, organisationId),
  grades: gradesOf(db, organisationId),
  invitations: invitationsOf(db, organisationId),
  keys: keysOf(db, organisationId),
  labs: labsOf(db, organisationId),
  ltiContexts: ltiContextsOf(db, organisationId),
  ltiKeys: ltiKeysOf(db, organisationId),
  ltiLogins: ltiLoginsOf(db, organisationId),
  ltiPeople: ltiPeopleOf(db, organisationId),
  ltiPlatforms: ltiPlatformsOf(db, organisationId),
  links: linksOf(db, organisationId),
  ltiReturns: ltiReturnsOf(db, organisationId),
  organisation: organisationOf(db, organisationId),
  people: peopleOf(db, organisationId),
  personal: personalOf(db, organisationId),
  portTokens: portTokensOf(db, organisationId),
  proofs: proofsOf(db, organisationId),
  roster: rosterOf(db, organisationId),
  remarks: remarksOf(db, organisationId),
  stages: stagesOf(db, organisationId),
  submissions: submissionsOf(db, organisationId),
  views: viewsOf(db, organisationId),
  webhooks: webhooksOf(db, organisationId),
})
export type TenantDb = ReturnType<typeof tenantDb>
