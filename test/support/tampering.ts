import { createHash } from 'node:crypto';

/** Lines of a bundle, without line feeds. */
export type Lines = readonly string[];
export type Change = (lines: Lines) => Lines;
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Members = Record<string, Json>;
type Meant = (line: Members) => boolean;
/** A new value, or a function that makes it from the old one. `undefined` removes the member. */
type Value = Json | ((old: Json) => Json | undefined);

/** A change to a bundle, the problem that must be reported, and, if the problem concerns one line, which line. */
export type Tampering = readonly [name: string, change: Change, said: RegExp, at?: Meant];

const parse = (text: string): Members => JSON.parse(text) as Members;

/** Matches a line of a kind that has the given members. */
export const stated =
  (kind: string, members: Members = {}): Meant =>
  (line) =>
    line['line'] === kind && Object.entries(members).every(([name, value]) => line[name] === value);

/** Matches the event of a type and, if given, of a stream. */
export const eventOf =
  (type: string, stream?: string): Meant =>
  (line) => {
    if (line['line'] !== 'event') return false;
    const leaf = parse(line['leaf'] as string);
    return leaf['type'] === type && (stream === undefined || leaf['stream'] === stream);
  };

/** The index of the first matching line. */
export function placeOf(lines: Lines, isMeant: Meant): number {
  const at = lines.findIndex((line) => isMeant(parse(line)));
  if (at < 0) throw new Error('The bundle has no such line, so the test checks nothing.');
  return at;
}

/** Replaces the first matching line by other lines. */
export const put =
  (isMeant: Meant, by: (line: string) => readonly string[]): Change =>
  (lines) => {
    const at = placeOf(lines, isMeant);
    return [...lines.slice(0, at), ...by(lines[at]!), ...lines.slice(at + 1)];
  };

export const drop = (isMeant: Meant): Change => put(isMeant, () => []);
export const twice = (isMeant: Meant): Change => put(isMeant, (line) => [line, line]);

/** Replaces text in a line, which changes how it is written. */
export const respell = (isMeant: Meant, from: string, to: string): Change =>
  put(isMeant, (line) => [line.replace(from, to)]);

const edit = (isMeant: Meant, change: (line: Members) => void): Change =>
  put(isMeant, (text) => {
    const line = parse(text);
    change(line);
    return [JSON.stringify(line)];
  });

/** Changes the member of a line at a path such as `scope.user_id`. */
export const inLine = (isMeant: Meant, path: string, value: Value): Change =>
  edit(isMeant, (line) => set(line, path.split('.'), value));

/** Changes an event and recomputes its hash, as a forger who knows the format would. */
export const inLeaf = (isMeant: Meant, path: string, value: Value): Change =>
  edit(isMeant, (line) => {
    const leaf = parse(line['leaf'] as string);
    set(leaf, path.split('.'), value);
    line['leaf'] = JSON.stringify(leaf);
    line['hash'] = createHash('sha256').update(`\0${line['leaf']}`).digest('hex');
  });

/** Moves a member to the end of its line. */
export const toTheEnd = (isMeant: Meant, name: string): Change =>
  edit(isMeant, (line) => {
    const value = line[name]!;
    delete line[name];
    line[name] = value;
  });

function set(members: Members, [name, ...rest]: readonly string[], value: Value): void {
  if (rest.length > 0) return set(members[name!] as Members, rest, value);
  const next = typeof value === 'function' ? value(members[name!]!) : value;
  if (next === undefined) delete members[name!];
  else members[name!] = next;
}

export const text =
  (change: (old: string) => string) =>
  (old: Json): Json =>
    change(old as string);
export const number =
  (change: (old: number) => number) =>
  (old: Json): Json =>
    change(old as number);
/** A hash with one digit changed. */
export const otherHash = text((hex) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1));

/** Swaps the matching line with the next one. */
export const swap =
  (isMeant: Meant): Change =>
  (lines) => {
    const at = placeOf(lines, isMeant);
    return [...lines.slice(0, at), lines[at + 1]!, lines[at]!, ...lines.slice(at + 2)];
  };

/** Leaves an event out, so that only its hash represents it. */
export const hide = (isMeant: Meant): Change =>
  put(isMeant, (line) => {
    const { index, hash } = parse(line) as { index: number; hash: string };
    return [JSON.stringify({ line: 'left_out', from: index, to: index + 1, hash })];
  });

/** Makes a change, and then renumbers the events in order. */
export const renumbered =
  (change: Change): Change =>
  (lines) => {
    let next = 0;
    return change(lines).map((line) =>
      line.startsWith('{"line":"event"') ? line.replace(/"index":\d+/, `"index":${next++}`) : line,
    );
  };

/** Recomputes the counts and the digest of the last line, as a forger who knows the format would. */
export function reseal(lines: Lines): Lines {
  const before = lines.slice(0, -1);
  const digest = createHash('sha256');
  const end = { line: 'end', events: 0, left_out: 0, stated: -1 };
  for (const line of before) {
    digest.update(`${line}\n`);
    const [, from, to] = /^\{"line":"left_out","from":(\d+),"to":(\d+)/.exec(line) ?? [];
    if (line.startsWith('{"line":"event"')) end.events += 1;
    else if (from !== undefined) end.left_out += Number(to) - Number(from);
    else end.stated += 1;
  }
  return [...before, JSON.stringify({ ...end, sha256: digest.digest('hex') })];
}
