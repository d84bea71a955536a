export const roles = ['observer', 'student', 'assistant', 'teacher', 'owner'] as const

/** The roles that somebody may give: none above their own. */
export const rolesUpTo = (own: string): readonly string[] => roles.slice(0, roles.indexOf(own as 'owner') + 1)
