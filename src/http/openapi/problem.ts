import { PROBLEM_CODES } from '../problem';
import { component } from './components';
import { list, object, text, whole } from './schema';

const code = component('Code', { type: 'string', enum: PROBLEM_CODES });

export const PROBLEM = component(
  'Problem',
  object(
    {
      type: text,
      title: text,
      status: whole,
      code,
      detail: text,
      pointer: text,
      fields: list(text),
    },
    ['pointer', 'fields'],
  ),
);

/** How every endpoint refuses. */
export const problem = {
  description: 'A problem (RFC 9457): `code` says which, `detail` what to do.',
  content: { 'application/problem+json': { schema: PROBLEM } },
};
