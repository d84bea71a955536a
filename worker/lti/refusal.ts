/** Why a platform's message was not taken, in words for the teacher who sees it, and the setting that has to be looked at. */
export type LtiRefusal = {
  readonly code: string
  readonly status: 400 | 401 | 403 | 404 | 409 | 502 | 503
  readonly title: string
  readonly text: string
  /** Which setting, and where it is. */
  readonly setting: string | null
  /** What the platform sent, for comparing. */
  readonly found: readonly (readonly [label: string, value: string])[]
}

export class LtiRefused extends Error {
  readonly refusal: LtiRefusal
  constructor(refusal: LtiRefusal) {
    super(refusal.code)
    this.name = 'LtiRefused'
    this.refusal = refusal
  }
}

type Found = readonly (readonly [string, string | undefined])[]
const known = (found: Found) => found.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]))

const again = 'Close this page and open the link in your course again.'
const make =
  (status: LtiRefusal['status'], code: string, title: string, text: string, setting: string | null = null) =>
  (found: Found = []) =>
    new LtiRefused({ code, status, title, text, setting, found: known(found) })

export const refuse = {
  noSuchSchool: make(
    404,
    'unknown-organisation',
    'This address belongs to no school',
    'The learning platform has sent you to an address that does not exist here.',
    'The login and launch addresses in the settings of the tool in the learning platform. Copy them again from Switchroom, “Learning platforms”.',
  ),
  suspended: make(
    403,
    'suspended',
    'This organisation is suspended',
    'Nobody can come in until the operator of the service lets it go on. Everything is kept.',
  ),
  unknownPlatform: make(
    401,
    'unknown-platform',
    'This learning platform is not known here',
    'Nobody in your school has registered a platform with this issuer and client id, or one of the two was typed differently.',
    '“Issuer” and “Client ID” of the platform, in Switchroom under “Learning platforms”.',
  ),
  badLogin: (field: string) =>
    make(
      400,
      'bad-login',
      'The platform did not say who is coming',
      `The request to sign in lacks “${field}”.`,
      'The “Initiate login URL” of the tool in the learning platform.',
    )([['Missing', field]]),
  otherAnswer: make(
    400,
    'no-answer',
    'The platform sent no sign-in',
    'This page is only opened by a learning platform, with a signed message.',
    'The “Redirect URI” of the tool in the learning platform.',
  ),
  platformError: make(
    401,
    'platform-refused',
    'The learning platform refused the sign-in',
    'It said why itself, below. You may be signed out there, or the tool is not available to you.',
    'The “Redirect URI(s)” of the tool in the learning platform: the launch address must be listed there exactly.',
  ),
  unknownState: make(
    401,
    'unknown-state',
    'This sign-in was not begun here, or long ago',
    `A sign-in from a learning platform is good for ten minutes, in the browser in which it began. ${again}`,
  ),
  replayed: make(
    401,
    'replayed',
    'This sign-in has been used already',
    `A sign-in from a learning platform can be used once. Reloading the page or going back sends it again. ${again}`,
  ),
  expired: make(
    401,
    'expired',
    'This sign-in came too late',
    `The message of the learning platform says that it is not valid any more. ${again} If that does not help, the clock of the platform is wrong.`,
    'The clock of the learning platform.',
  ),
  early: make(
    401,
    'not-yet-valid',
    'This sign-in comes from the future',
    'The message of the learning platform was made, as it says, later than now.',
    'The clock of the learning platform.',
  ),
  wrongSignature: make(
    401,
    'wrong-signature',
    'The signature of the message is wrong',
    'The message was not signed with a key of the learning platform, or was changed on its way.',
    '“Key set (JWKS) URL” of the platform, in Switchroom under “Learning platforms”.',
  ),
  unsigned: make(
    401,
    'wrong-algorithm',
    'The message is not signed as it must be',
    'Learning platforms sign with RS256. Messages without a signature, or with a shared secret, are not taken.',
    'The LTI version of the tool in the learning platform: it must be 1.3.',
  ),
  unknownKey: make(
    401,
    'unknown-key',
    'The message was signed with an unknown key',
    `The key is not in the key set that the learning platform publishes. If its keys were changed just now: ${again}`,
    '“Key set (JWKS) URL” of the platform, in Switchroom under “Learning platforms”.',
  ),
  keysUnreachable: make(
    502,
    'keys-unreachable',
    'The keys of the learning platform cannot be read',
    'Switchroom asks the learning platform for its keys in order to check the signature, and got no key set.',
    '“Key set (JWKS) URL” of the platform, in Switchroom under “Learning platforms”.',
  ),
  wrongAudience: make(
    401,
    'wrong-audience',
    'The message is meant for another tool',
    'The client id in the message is not the one under which this platform is registered here.',
    '“Client ID” of the platform, in Switchroom under “Learning platforms”.',
  ),
  wrongDeployment: make(
    403,
    'wrong-deployment',
    'This deployment is not registered',
    'The learning platform is known, but the place from which you come has a deployment id that is not listed.',
    '“Deployment IDs” of the platform, in Switchroom under “Learning platforms”. Add the one below if it is yours.',
  ),
  wrongVersion: make(
    400,
    'wrong-version',
    'The message is of another LTI version',
    'Only LTI 1.3 is taken.',
    'The LTI version of the tool in the learning platform.',
  ),
  unknownMessage: make(
    400,
    'unknown-message',
    'The platform wants something that is not offered here',
    'Opening a link and choosing an assignment are offered; other kinds of messages are not.',
    'The placements or message types of the tool in the learning platform.',
  ),
  wrongTarget: make(
    400,
    'wrong-target',
    'The link leads to another site',
    'The address that the learning platform wants to open does not belong to Switchroom.',
    'The address (“Tool URL”, “Target link URI”) of the link in the learning platform.',
  ),
  badClaim: (field: string, why: string) =>
    make(
      400,
      'bad-message',
      'The message of the platform is not complete',
      `“${field}”: ${why}`,
      'The LTI version and the privacy settings of the tool in the learning platform.',
    )([['Field', field]]),
  noPerson: make(
    400,
    'no-person',
    'The platform did not say who you are',
    'Not even an anonymous id was sent, so your work could not be found again.',
    'The privacy settings of the tool in the learning platform. A name and an e-mail address are not needed.',
  ),
  notConnected: make(
    409,
    'course-not-connected',
    'Your course is not connected yet',
    'Somebody who teaches it has to open this link once and say which course here belongs to it. Then it works for everybody.',
  ),
  removed: make(
    403,
    'removed',
    'You were removed from this school',
    'Somebody who teaches here has removed you, and that stands, whatever the learning platform says. Your work is kept.',
    'Whoever teaches you can let you in again, in Switchroom under “Members”.',
  ),
  takenOut: make(
    403,
    'taken-out',
    'You were taken out of this course',
    'Somebody who teaches the course here has taken you out of it, and that stands, whatever the learning platform says. Your work is kept.',
    'Whoever teaches the course can add you again, in Switchroom on the page of the course.',
  ),
  noAssignment: make(
    409,
    'link-without-assignment',
    'This link does not lead to an assignment yet',
    'Somebody who teaches the course has to open it once and choose the assignment.',
  ),
  foreignAssignment: make(
    409,
    'assignment-of-another-course',
    'The assignment is not part of this course',
    'The link was made for an assignment that has been removed, or that belongs to a course here which is not connected with this one. That happens when a course is copied.',
    'The link itself: remove it from the course and choose the assignment again.',
  ),
  onlyTeachers: make(
    403,
    'only-teachers',
    'Only teachers can do this',
    'The learning platform says that you do not teach this course.',
    'Your role in the course, in the learning platform.',
  ),
  notOffered: make(
    503,
    'no-key-secret',
    'Learning platforms cannot be used on this instance',
    'The secret that protects the keys is not set.',
    'The secret LTI_KEY_SECRET of the service; whoever runs it must set it.',
  ),
} as const
