/**
 * What a user may do. The owner takes control at any time; an operator takes it while it is free and asks for it
 * else; a watcher only watches.
 */
export type Role = 'owner' | 'operator' | 'watcher';

export const ROLES: readonly Role[] = ['owner', 'operator', 'watcher'];
