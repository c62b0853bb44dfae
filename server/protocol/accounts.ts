import Type, { type Static } from 'typebox';
import { LIMITS } from './limits.js';
import { ROLES, type Role } from './role.js';

/** Roles that an owner gives to others. There is one way to become an owner: the claim. */
export const GIVEN_ROLES = ['operator', 'watcher'] as const satisfies readonly Role[];
export type GivenRole = (typeof GIVEN_ROLES)[number];

const Name = Type.String({ minLength: 1, maxLength: LIMITS.maxNameLength });
const Password = Type.String({ maxLength: LIMITS.maxPasswordLength });
const Given = Type.Unsafe<GivenRole>(Type.Enum([...GIVEN_ROLES]));

/** GET /api/accounts and its POST routes, for owners: who may sign in, in the order in which they were made. */
export const AccountsReply = Type.Object({
  accounts: Type.Array(
    Type.Object({
      name: Type.String(),
      role: Type.Unsafe<Role>(Type.Enum([...ROLES])),
      signIns: Type.Integer({ description: 'browsers and programs that are signed in' }),
    }),
  ),
  places: Type.Integer({ description: 'how many more there may be' }),
});
export type AccountsReply = Static<typeof AccountsReply>;

/** POST /api/accounts: a new account. */
export const AccountRequest = Type.Object(
  { name: Name, role: Given, password: Password },
  { additionalProperties: false },
);
export type AccountRequest = Static<typeof AccountRequest>;

/** POST /api/accounts/change: what is named becomes another; all sign-ins of the account end. */
export const AccountChangeRequest = Type.Object(
  {
    name: Name,
    newName: Type.Optional(Name),
    role: Type.Optional(Given),
    password: Type.Optional(Password),
  },
  { additionalProperties: false, minProperties: 2 },
);
export type AccountChangeRequest = Static<typeof AccountChangeRequest>;

/** POST /api/accounts/remove: the account and all its sign-ins end. */
export const AccountRemovalRequest = Type.Object({ name: Name }, { additionalProperties: false });
export type AccountRemovalRequest = Static<typeof AccountRemovalRequest>;
