import type { JsonObject } from '../../domain/events/facts';
import EXAMPLES from './examples.json';
import { problem } from './problem';
import type { Operation } from './schema';

type Json = JsonObject[string];

interface Examples {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly request: Readonly<Record<string, Json>>;
  readonly responses: Readonly<Record<string, Readonly<Record<string, Json>> | null>>;
}

interface Content {
  readonly content?: Readonly<Record<string, Operation>>;
}

const ALL = EXAMPLES as unknown as Readonly<Record<string, Examples>>;

/**
 * Adds examples to an operation, recorded from a real service (`npm run openapi:examples`): of its parameters, its body
 * and its answers, including refusals.
 *
 * @param name method and path, such as `GET /v1/plans`
 */
export function illustrated(name: string, operation: Operation): Operation {
  const examples = ALL[name];
  if (examples === undefined) return operation;
  const { parameters, requestBody } = operation as {
    readonly parameters?: readonly { readonly name: string }[];
    readonly requestBody?: Content;
  };
  return {
    ...operation,
    ...(parameters === undefined
      ? {}
      : { parameters: parameters.map((one) => ({ ...one, ...valueOf(examples, one.name) })) }),
    ...(requestBody === undefined
      ? {}
      : { requestBody: withExamples(requestBody, examples.request) }),
    responses: answers(operation['responses'] as Record<string, Content>, examples.responses),
  };
}

function valueOf({ parameters }: Examples, name: string): { example?: Json } {
  const example = parameters[name];
  return example === undefined ? {} : { example };
}

/** Returns the declared answers with examples, and the recorded refusals, each under its own status. */
function answers(
  declared: Readonly<Record<string, Content>>,
  seen: Examples['responses'],
): Record<string, Content> {
  const refusals = Object.keys(seen).filter((status) => status >= '400' && !(status in declared));
  const all = { ...declared, ...Object.fromEntries(refusals.map((status) => [status, problem])) };
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => [
      status,
      withExamples(answer, seen[status] ?? {}),
    ]),
  );
}

function withExamples<C extends Content>(described: C, values: Readonly<Record<string, Json>>): C {
  if (described.content === undefined) return described;
  const content = Object.fromEntries(
    Object.entries(described.content).map(([type, one]) => {
      const example = values[type];
      return [type, example === undefined ? one : { ...one, example }];
    }),
  );
  return { ...described, content };
}
