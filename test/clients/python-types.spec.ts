import { CATALOGUE } from '../../src/domain/events/catalogue';
import { decimal } from '../../src/http/openapi/schema';
import { askPython, describeWithPython } from '../support/python';
import { TestService } from '../support/service';

/** The reads of the Python client, and what they read. */
const READS: Readonly<Record<string, string>> = {
  usage_summary: '/v1/users/{user_id}/usage-summary',
  usage_history: '/v1/users/{user_id}/usage-history',
  usage_trend: '/v1/users/{user_id}/usage-trend',
  usage_logs: '/v1/users/{user_id}/usage-logs',
  usage_log: '/v1/usage-logs/{id}',
  session: '/v1/sessions/{session_id}',
  entitlement: '/v1/users/{user_id}/entitlement',
};

/** Fields that models leave out, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'Session.position': 'only the answer to a void has it',
};
/** Fields that models have as plain JSON, and why. */
const AS_JSON: Readonly<Record<string, string>> = {
  'ExplainedUsageLog.explanation.events[]': 'events have the shape of their types',
  'ExplainedUsageLog.explanation.rate_card': 'shown to people, as finance published it',
  'ExplainedUsageLog.explanation.plan': 'shown to people, as finance published it',
  'ExplainedUsageLog.explanation.steps[]': 'shown to people; each step has numbers of its own',
};
/** Parameters of the ledger that the client gives another name, or sets itself. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  page_size: ['limit', 'cursor'],
};
/** What `completed` takes instead of `duration_seconds`. */
const OF_FRAMES = ['frames', 'frame_rate'];

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly format?: string;
}

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly get: {
          readonly parameters: readonly { readonly name: string; readonly in: string }[];
          readonly responses: Readonly<
            Record<string, { readonly content: Readonly<Record<string, { schema: Schema }>> }>
          >;
        };
      }
    >
  >;
}

/** The types of all fields of an answer, by their path. */
type Fields = Readonly<Record<string, string>>;

interface Told {
  readonly reads: Readonly<
    Record<
      string,
      { readonly takes: readonly string[]; readonly isList: boolean; readonly answer: Fields }
    >
  >;
  readonly facts: Readonly<
    Record<
      string,
      { readonly type: string; readonly fields: readonly string[]; readonly required: string[] }
    >
  >;
  readonly checked: readonly string[];
}

describeWithPython('the types of the Python client', () => {
  let told: Told;
  let api: Document;
  beforeAll(async () => {
    told = (await askPython(TELLS)) as Told;
    const service = await TestService.start();
    api = (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
    await service.close();
  });

  it('are those of the reads named here', () => {
    expect(Object.keys(told.reads).sort()).toEqual(Object.keys(READS).sort());
  });

  it.each(Object.entries(READS))('have what %s answers: GET %s', (method, path) => {
    const answer = new Answers(api).of(path);
    expect({ isList: told.reads[method]!.isList, answer: told.reads[method]!.answer }).toEqual(
      answer,
    );
  });

  it.each(Object.entries(READS))('have the parameters of %s: GET %s', (method, path) => {
    const query = api.paths[path]!.get.parameters.filter((one) => one.in === 'query');
    const taken = told.reads[method]!.takes.flatMap((name) => PARAMETERS[name] ?? [name]);
    expect(taken.sort()).toEqual(query.map(({ name }) => name).sort());
  });

  it('name nothing here that answers no longer have', () => {
    const answers = new Answers(api);
    for (const path of Object.values(READS)) answers.of(path);
    expect([...answers.excused].sort()).toEqual(
      [...Object.keys(LEFT_OUT), ...Object.keys(AS_JSON)].sort(),
    );
  });

  it('have the fields of each kind of fact, and require the same', () => {
    const kinds = Object.entries(CATALOGUE).map(([kind, { type, fields, required }]) => {
      const own = kind === 'completed' ? OF_FRAMES : [];
      const names = [...fields.map(([name]) => name), ...own].sort();
      return [kind, { type, fields: names, required: [...required].sort() }] as const;
    });
    expect(told.facts).toEqual(Object.fromEntries(kinds));
    const names = Object.values(CATALOGUE).flatMap(({ fields }) => fields.map(([name]) => name));
    expect(told.checked).toEqual([...new Set(names)].sort());
  });
});

/** Says what the document promises, in the words of the program below. */
class Answers {
  /** The exceptions that were met. */
  readonly excused = new Set<string>();

  constructor(private readonly api: Document) {}

  of(path: string): { readonly isList: boolean; readonly answer: Fields } {
    const { schema } = this.api.paths[path]!.get.responses['200']!.content['application/json']!;
    const { properties = {} } = this.resolve(schema);
    const isList = 'next_cursor' in properties;
    const item = isList ? this.resolve(properties['items']!).items! : schema;
    const answer: Record<string, string> = {};
    this.describe(item.$ref!.split('/').at(-1)!, item, answer);
    return { isList, answer };
  }

  private describe(path: string, schema: Schema, answer: Record<string, string>): void {
    if (path in LEFT_OUT) {
      this.excused.add(path);
      return;
    }
    const either = this.resolve(schema).anyOf ?? [schema];
    const words = either.flatMap((one) => this.wordsOf(path, this.resolve(one), answer));
    answer[path] = words.sort().join(' or ');
  }

  private wordsOf(path: string, schema: Schema, answer: Record<string, string>): string[] {
    if (path in AS_JSON && schema.type !== 'null') {
      this.excused.add(path);
      return ['json'];
    }
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      this.describe(`${path}.${name}`, field, answer);
    }
    return [schema.type ?? 'object'].flat().map((type) => {
      if (type === 'array') this.describe(`${path}[]`, schema.items!, answer);
      if (type === 'object') return schema.properties === undefined ? 'json' : 'object';
      if (type !== 'string') return type;
      if (schema.pattern === decimal['pattern']) return 'decimal';
      return schema.format === 'date-time' ? 'date-time' : 'string';
    });
  }

  private resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : this.resolve(this.api.components.schemas[name]!);
  }
}

const TELLS = `
import inspect, json
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Union, get_args, get_origin, get_type_hints

from minutebook import Producer, Reader
from minutebook.checks import CHECKS
from minutebook.facts import _REQUIRED, TYPES

WORDS = {
    str: "string", int: "integer", bool: "boolean", float: "number",
    Decimal: "decimal", datetime: "date-time", type(None): "null",
}

def describe(path, hint, answer):
    words = []
    for one in get_args(hint) if get_origin(hint) is Union else [hint]:
        if is_dataclass(one):
            words.append("object")
            hints = get_type_hints(one)
            for field in fields(one):
                describe(f"{path}.{field.name.rstrip('_')}", hints[field.name], answer)
        elif get_origin(one) is list:
            words.append("array")
            describe(f"{path}[]", get_args(one)[0], answer)
        else:
            words.append("json" if get_origin(one) is dict else WORDS[one])
    answer[path] = " or ".join(sorted(words))
    return answer

def read(method):
    made = get_type_hints(method)["return"]
    item = (get_args(made) or [made])[0]
    _, _, *takes = inspect.signature(method).parameters
    return {
        "takes": [name.rstrip("_") for name in takes],
        "isList": item is not made,
        "answer": describe(item.__name__, item, {}),
    }

def fact(kind):
    names = set(inspect.signature(getattr(Producer, kind)).parameters)
    return {
        "type": TYPES[kind],
        "fields": sorted(names - {"self", "time", "id", "extensions"}),
        "required": sorted(_REQUIRED[kind]),
    }

methods = {
    name: method for name, method in vars(Reader).items()
    if inspect.isfunction(method) and name[0] != "_" and name not in ("get", "close")
}
print(json.dumps({
    "reads": {name: read(method) for name, method in methods.items()},
    "facts": {kind: fact(kind) for kind in TYPES},
    "checked": sorted(CHECKS),
}))
`;
