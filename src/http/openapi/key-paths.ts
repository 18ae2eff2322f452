import { atLeast, json, paging, parameter, problem, type Operation } from './operations';
import { page, ref, text } from './schema';

/** API keys, made and revoked by admins. */
export const KEY_PATHS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/caller': {
    get: {
      tags: ['Readers'],
      summary: 'Who the key or token is of: its role, its name, and the one user that it sees.',
      parameters: [atLeast],
      responses: { 200: json(ref('Caller')), default: problem },
    },
  },
  '/v1/keys': {
    get: {
      tags: ['Keys'],
      summary: 'All API keys, oldest first, never the keys themselves.',
      parameters: [...paging, atLeast],
      responses: { 200: json(page(ref('Key'))), default: problem },
    },
    post: {
      tags: ['Keys'],
      summary: 'Make an API key. The answer is the only one that shows it.',
      requestBody: { required: true, content: { 'application/json': { schema: ref('KeyBody') } } },
      responses: { 201: json(ref('NewKey'), 'Made.'), default: problem },
    },
  },
  '/v1/users/{user_id}/erase': {
    post: {
      tags: ['Keys'],
      summary: "Make a user's personal values unreadable for good. Amounts and proofs stand.",
      parameters: [parameter('user_id', 'path', text, 'The user.')],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: ref('EraseBody') } },
      },
      responses: {
        200: json(ref('Erasure'), 'The user was erased before, and nothing personal came since.'),
        201: json(ref('Erasure'), 'Erased.'),
        default: problem,
      },
    },
  },
  '/v1/keys/{id}': {
    delete: {
      tags: ['Keys'],
      summary: 'Revoke an API key: it is refused everywhere within two seconds.',
      parameters: [parameter('id', 'path', text, "The key's id.")],
      responses: { 204: { description: 'It is revoked.' }, default: problem },
    },
  },
};
