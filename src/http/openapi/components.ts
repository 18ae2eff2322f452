import { ref, type Schema } from './schema';

/** By name. Files add theirs when they are loaded, as classes do their routes. */
const ALL = new Map<string, Schema>();

/**
 * Adds a schema to the document's `components`: it stands there once, under a name that is its own.
 * @returns what refers to it.
 */
export function component(name: string, schema: Schema): Schema {
  if (ALL.has(name)) throw new Error(`Two schemas of the API have the name ${name}: rename one.`);
  ALL.set(name, schema);
  return ref(name);
}

/** Every schema that was added, by name. */
export function components(): Readonly<Record<string, Schema>> {
  return Object.fromEntries(ALL);
}
