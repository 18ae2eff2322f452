import { ref, type Schema } from './schema';

/** The schemas by name. Each file adds its own when it is loaded. */
const ALL = new Map<string, Schema>();

/**
 * Adds a schema to the document's `components`, once, under a unique name.
 * @returns a reference to it.
 */
export function component(name: string, schema: Schema): Schema {
  if (ALL.has(name)) throw new Error(`Two schemas of the API have the name ${name}: rename one.`);
  ALL.set(name, schema);
  return ref(name);
}

/**
 * Returns the schemas that a part of the document refers to, directly or through others, by name.
 * @throws Error if one does not exist.
 */
export function componentsOf(part: unknown): Readonly<Record<string, Schema>> {
  const found = new Map<string, Schema>();
  const names = namesIn(part);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (found.has(name)) continue;
    const schema = ALL.get(name);
    if (schema === undefined) throw new Error(`No schema of the API has the name ${name}.`);
    found.set(name, schema);
    names.push(...namesIn(schema));
  }
  return Object.fromEntries([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function namesIn(part: unknown): string[] {
  const found = JSON.stringify(part).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  return [...found].map(([, name]) => name!);
}
