import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { realPathOf } from '../event-store/file-identity';

/** The value of a variable; `undefined` if there is none. */
export type Get = (name: string) => string | undefined;

/** The scheme of an address. At least two letters: a single one would be a drive. */
const SCHEME = /^([a-z][a-z0-9+.-]+):(\/\/)?/i;
const CONTROL = /\p{Cc}/u;

/**
 * Reads a file path or a `file://` address. Returns the default if there is none, or after a mistake. Messages never
 * quote the value, which may be an address with a password.
 */
export function readPath(name: string, get: Get, standard: string, mistakes: string[]): string {
  const value = get(name);
  const path = value === undefined ? standard : pathOf(value);
  if (typeof path !== 'string') {
    mistakes.push(`${name} ${path.mistake}`);
    return standard;
  }
  const full = resolve(path);
  const fault = value === undefined ? undefined : faultOfFile(full);
  if (fault !== undefined) mistakes.push(`${name} is ${full}: ${fault}.`);
  return realOf(full);
}

/**
 * Resolves symbolic links, so that what is created beside the file is beside the real file, for all threads and
 * processes.
 */
function realOf(path: string): string {
  try {
    return realPathOf(path);
  } catch {
    // The code that opens the file reports what is wrong with it.
    return path;
  }
}

/** Reads a variable that names a folder, which exists or can be created. */
export function readFolder(name: string, get: Get, standard: string, mistakes: string[]): string {
  const value = get(name) ?? standard;
  const full = resolve(value);
  if (SCHEME.exec(value)?.[2] !== undefined || /^file:/i.test(value)) {
    mistakes.push(`${name} is an address: it must be the path of a folder.`);
  } else if (CONTROL.test(value)) {
    mistakes.push(`${name} has a control character.`);
  } else if (isThere(full) && !isFolder(full)) {
    mistakes.push(`${name} is ${full}, which is a file: it must be a folder.`);
  } else {
    const fault = faultOfFolder(full);
    if (fault !== undefined) mistakes.push(`${name} is ${full}: ${fault}.`);
  }
  return full;
}

function pathOf(value: string): string | { readonly mistake: string } {
  if (value === ':memory:') {
    return {
      mistake: 'is :memory:, which would be lost when the process ends: name a file.',
    };
  }
  if (CONTROL.test(value)) return { mistake: 'has a control character.' };
  const [, scheme, slashes = ''] = SCHEME.exec(value) ?? [];
  if (scheme === undefined) return value;
  if (scheme.toLowerCase() === 'file') return pathOfAddress(value);
  const hint = /^(kurrentdb|kdb)/i.test(scheme) ? ' Write esdb:// for KurrentDB.' : '';
  return { mistake: `is a ${scheme}:${slashes} address, which is not supported here.${hint}` };
}

/** Accepts the forms of RFC 8089 that name a file on this machine by its complete path. */
function pathOfAddress(value: string): string | { readonly mistake: string } {
  const path = /^file:(?:\/\/(?:localhost)?)?(\/(?!\/).*)$/i.exec(value)?.[1];
  if (path === undefined) {
    return {
      mistake: /^file:\/\/[^/]/i.test(value)
        ? 'names another machine after file://: the complete path comes after three slashes, as in file:///var/lib/minutebook/events.db.'
        : 'is a file: address without a complete path: write file:///var/lib/minutebook/events.db, or the path alone.',
    };
  }
  if (/[?#]/.test(path)) {
    return { mistake: 'has a ? or # after file://: write %3F or %23 if it is part of the name.' };
  }
  try {
    const decoded = decodeURIComponent(path);
    return CONTROL.test(decoded) ? { mistake: 'has a control character.' } : decoded;
  } catch {
    return {
      mistake: 'has a % after file:// that encodes nothing: write %25 for the sign itself.',
    };
  }
}

/** Returns why no file can be at a path; `undefined` if one can. */
export function faultOfFile(path: string): string | undefined {
  if (isFolder(path)) return 'that is a folder: name the file in it';
  return faultOfFolder(dirname(path));
}

/** Returns why no folder can be at a path; `undefined` if one can. */
function faultOfFolder(path: string): string | undefined {
  let there = path;
  while (!isThere(there) && there !== dirname(there)) there = dirname(there);
  return isFolder(there) ? undefined : `${there} is a file, so nothing can be created in it`;
}

function isThere(path: string): boolean {
  return stat(path) !== undefined;
}

function isFolder(path: string): boolean {
  return stat(path)?.isDirectory() === true;
}

/** Also returns `undefined` if the path may not be read: the code that opens it reports that. */
function stat(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
