import { authAccount, authSession, authUser, authVerification } from './schema/identities.ts'

/** What the auth library writes, by the names that it has for them. */
export const authTables = { user: authUser, session: authSession, account: authAccount, verification: authVerification }
