import { readFileSync } from 'node:fs';
import type { PolicyRule } from '@groundswell/operator/access';

/** A finished request, as the API server wrote it down. */
export interface Request {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

const operator = 'system:serviceaccount:groundswell-system:operator';

/** What the operator has asked for so far. */
export const requestsOf = (auditLog: string | undefined): readonly Request[] =>
  readFileSync(auditLog ?? '', 'utf8')
    .split('\n')
    .filter((line) => line.includes(operator))
    .map((line) => JSON.parse(line) as Request)
    .filter(({ user }) => user.username === operator);

const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** Those that change something; the lease, by which replicas agree, left out. */
export const writesOf = (requests: readonly Request[]): readonly Request[] =>
  requests.filter(({ verb, objectRef }) => writing.includes(verb) && objectRef?.resource !== 'leases');

const resourceOf = ({ objectRef }: Request): string =>
  [objectRef?.resource, objectRef?.subresource].filter((part) => part !== undefined).join('/');

/** Server-side apply of what is not there yet needs the right to create it, too. */
const verbsOf = ({ verb, responseStatus }: Request): readonly string[] =>
  verb === 'patch' && responseStatus?.code === 201 ? ['patch', 'create'] : [verb];

/** `group resource verb`, for comparing. */
export const usedRights = (requests: readonly Request[]): ReadonlySet<string> =>
  new Set(
    requests
      .filter(({ objectRef }) => objectRef?.resource !== undefined)
      .flatMap((request) =>
        verbsOf(request).map((verb) => `${request.objectRef?.apiGroup ?? ''} ${resourceOf(request)} ${verb}`),
      ),
  );

export const grantedRights = (rules: readonly PolicyRule[]): ReadonlySet<string> =>
  new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${group} ${resource} ${verb}`)),
      ),
    ),
  );
