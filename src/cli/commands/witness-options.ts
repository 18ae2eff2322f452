import { collect } from './define';

/** The options for witnesses' cosignatures. */
export const WITNESS_OPTION = [
  '--witness <key>',
  "a witness's verifier key; its cosignature must be there; may be given several times",
  collect,
] as const;

export const WITNESSES_OPTION = [
  '--witnesses <file>',
  'a file of witnesses, each in a line: witness NAME KEY [URL]',
] as const;

export const REQUIRE_OPTION = [
  '--require <number>',
  'how many of these witnesses must have cosigned (default: all)',
] as const;

export interface WitnessesGiven {
  readonly witness?: readonly string[];
  readonly witnesses?: string;
  readonly require?: string;
}
