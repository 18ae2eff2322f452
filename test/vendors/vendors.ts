import type { Json } from '../../src/domain/events/facts';

/** How far a table can be trusted: what was read on 2026-11-24 through the workplace's search, and what was not. */
export type Evidence =
  /** The vendor's own rule and worked example were read. */
  | 'example read'
  /** The vendor's own rule or price was read; the numbers were calculated from it by hand. */
  | 'rule read'
  /** From memory of the vendor's page, which could not be read here; the numbers were calculated by hand. */
  | 'remembered';

export interface VendorCase {
  readonly says: string;
  /** In statement order: seconds, and the number of channels if it is not 1. */
  readonly recordings: readonly (readonly [seconds: string, channels?: number])[];
  readonly billedSeconds: string;
  /** The exact total; absent if the vendor's example only gives a quantity. */
  readonly cost?: string;
  readonly cents?: number;
}

export interface Vendor {
  readonly vendor: string;
  readonly source: string;
  readonly evidence: Evidence;
  readonly rule: string;
  readonly currency: string;
  readonly price: Json;
  readonly includedMinutes?: string;
  readonly cases: readonly VendorCase[];
}

export const VENDORS: readonly Vendor[] = [
  {
    vendor: 'AWS Transcribe, standard batch, us-east-1',
    source: 'https://aws.amazon.com/transcribe/pricing/',
    evidence: 'remembered',
    rule: 'By the second, at least 15 s a request; four graduated tiers of minutes a month.',
    currency: 'USD',
    price: {
      minimum_seconds: 15,
      tiers: [
        { up_to_minutes: '250000', amount: '0.024' },
        { up_to_minutes: '1000000', amount: '0.015' },
        { up_to_minutes: '5000000', amount: '0.0102' },
        { up_to_minutes: null, amount: '0.0078' },
      ],
    },
    cases: [
      { says: '10 s are 15 s', recordings: [['10']], billedSeconds: '15', cost: '0.006', cents: 1 },
      { says: '15.2 s are 16 s', recordings: [['15.2']], billedSeconds: '16', cost: '0.0064' },
      {
        says: '260,000 minutes: 250,000 at 0.024, 10,000 at 0.015',
        recordings: [['15600000']],
        billedSeconds: '15600000',
        cost: '6150',
        cents: 615_000,
      },
      {
        says: '1,090,000 minutes in two halves reach the third tier',
        recordings: [['32700000'], ['32700000']],
        billedSeconds: '65400000',
        cost: '18168',
      },
    ],
  },
  {
    vendor: 'Google Speech-to-Text v1, standard',
    source: 'https://cloud.google.com/speech-to-text/pricing (v1)',
    evidence: 'remembered',
    rule: 'Each request is rounded up to 15 s; 0.006 for each 15 s. Three requests of 7 s are 45 s: 0.018.',
    currency: 'USD',
    price: { amount: '0.006', per_seconds: 15, increment_seconds: 15 },
    cases: [
      {
        says: 'three requests of 7 s',
        recordings: [['7'], ['7'], ['7']],
        billedSeconds: '45',
        cost: '0.018',
        cents: 2,
      },
      { says: '15.001 s are 30 s', recordings: [['15.001']], billedSeconds: '30', cost: '0.012' },
    ],
  },
  {
    vendor: 'Google Speech-to-Text v1, with the free hour',
    source: 'https://cloud.google.com/speech-to-text/pricing (v1)',
    evidence: 'remembered',
    rule: 'The first 60 minutes of a month are free.',
    currency: 'USD',
    price: { amount: '0.006', per_seconds: 15, increment_seconds: 15 },
    includedMinutes: '60',
    cases: [
      {
        says: '59 minutes, then 2: one is charged',
        recordings: [['3540'], ['120']],
        billedSeconds: '3660',
        cost: '0.024',
      },
    ],
  },
  {
    vendor: 'Google Speech-to-Text v2, standard recognition',
    source: 'https://cloud.google.com/speech-to-text/pricing (v2)',
    evidence: 'remembered',
    rule: 'Rounded up to 1 s, each channel counts; four graduated tiers.',
    currency: 'USD',
    price: {
      channels: 'each',
      tiers: [
        { up_to_minutes: '500000', amount: '0.016' },
        { up_to_minutes: '1000000', amount: '0.010' },
        { up_to_minutes: '2000000', amount: '0.008' },
        { up_to_minutes: null, amount: '0.004' },
      ],
    },
    cases: [
      {
        says: '7.5 s of two channels are 16 s',
        recordings: [['7.5', 2]],
        billedSeconds: '16',
        cost: '0.004266666667',
      },
      {
        says: '1,200,000 minutes over three tiers',
        recordings: [['72000000']],
        billedSeconds: '72000000',
        cost: '14600',
        cents: 1_460_000,
      },
    ],
  },
  {
    vendor: 'Deepgram, base tier',
    source: 'https://github.com/orgs/deepgram/discussions/249 (an answer by Deepgram)',
    evidence: 'example read',
    rule: '0.0125 a minute, by the second: 26 s are 0.00542 (shown to five decimals).',
    currency: 'USD',
    price: { amount: '0.0125' },
    cases: [{ says: '26 s', recordings: [['26']], billedSeconds: '26', cost: '0.005416666667' }],
  },
  {
    vendor: 'Deepgram, Nova',
    source: 'https://github.com/orgs/deepgram/discussions/249 (an answer by Deepgram)',
    evidence: 'example read',
    rule: '0.0044 a minute, by the second: 26 s are 0.00191 (shown to five decimals).',
    currency: 'USD',
    price: { amount: '0.0044' },
    cases: [{ says: '26 s', recordings: [['26']], billedSeconds: '26', cost: '0.001906666667' }],
  },
  {
    vendor: 'AssemblyAI, pre-recorded, Universal-3.5 Pro',
    source:
      'https://assemblyai.com/docs/billing-and-pricing; the price as transcribed from https://www.assemblyai.com/pricing by api-evangelist on 2026-10-07',
    evidence: 'rule read',
    rule: 'An hourly rate (0.21), pro-rated to the exact second.',
    currency: 'USD',
    price: { amount: '0.21', per_seconds: 3600 },
    cases: [
      { says: 'an hour', recordings: [['3600']], billedSeconds: '3600', cost: '0.21', cents: 21 },
      { says: '90 s', recordings: [['90']], billedSeconds: '90', cost: '0.00525', cents: 1 },
    ],
  },
  {
    vendor: 'Azure Speech, real-time standard',
    source: 'https://azure.microsoft.com/pricing/details/cognitive-services/speech-services/',
    evidence: 'remembered',
    rule: '1 an audio hour, billed by the second.',
    currency: 'USD',
    price: { amount: '1', per_seconds: 3600 },
    cases: [
      { says: '61 s', recordings: [['61']], billedSeconds: '61', cost: '0.016944444444', cents: 2 },
      { says: 'a quarter', recordings: [['900']], billedSeconds: '900', cost: '0.25', cents: 25 },
    ],
  },
  {
    vendor: 'Yandex SpeechKit, synchronous',
    source: 'https://cloud.yandex.com/en/docs/speechkit/pricing',
    evidence: 'example read',
    rule: 'A unit is 15 s of one channel, rounded up: 37 s are 45 s; 5 s and 8 s are 30 s. (The examples are of seconds; the amount here is ours.)',
    currency: 'RUB',
    price: { amount: '0.15', per_seconds: 15, increment_seconds: 15, channels: 'each' },
    cases: [
      { says: '37 s are 45 s', recordings: [['37']], billedSeconds: '45', cost: '0.45' },
      {
        says: '5 s and 8 s are 30 s',
        recordings: [['5'], ['8']],
        billedSeconds: '30',
        cost: '0.3',
      },
    ],
  },
  {
    vendor: 'Yandex SpeechKit, asynchronous',
    source: 'https://cloud.yandex.com/en/docs/speechkit/pricing',
    evidence: 'remembered',
    rule: 'By the second of two channels, at least 15 s; an odd number of channels is raised to even. (The amount is ours.)',
    currency: 'RUB',
    price: { amount: '0.01', per_seconds: 1, minimum_seconds: 15, channels: 'pairs' },
    cases: [
      { says: '5 s, one channel', recordings: [['5', 1]], billedSeconds: '15', cost: '0.15' },
      { says: '16 s, two channels', recordings: [['16', 2]], billedSeconds: '16', cost: '0.16' },
      { says: '16 s, three channels', recordings: [['16', 3]], billedSeconds: '32', cost: '0.32' },
    ],
  },
  {
    vendor: 'OpenAI Whisper',
    source: 'https://openai.com/api/pricing/ (0.006 a minute, rounded to the nearest second)',
    evidence: 'remembered',
    rule: '0.006 a minute, which is 0.36 an hour; to the nearest second.',
    currency: 'USD',
    price: { amount: '0.006', increment_rounding: 'half_up' },
    cases: [
      { says: 'an hour', recordings: [['3600']], billedSeconds: '3600', cost: '0.36', cents: 36 },
      { says: '29.5 s are 30 s', recordings: [['29.5']], billedSeconds: '30', cost: '0.003' },
      { says: '29.4 s are 29 s', recordings: [['29.4']], billedSeconds: '29', cost: '0.0029' },
    ],
  },
  {
    vendor: 'Agora Real-Time STT',
    source: 'https://docs.agora.io/en/realtime-media/speech-to-text/reference/pricing.md',
    evidence: 'rule read',
    rule: '16.99 for each 1,000 minutes.',
    currency: 'USD',
    price: { amount: '16.99', per_seconds: 60_000 },
    cases: [
      {
        says: 'hosts of 2 and 3 minutes',
        recordings: [['120'], ['180']],
        billedSeconds: '300',
        cost: '0.08495',
        cents: 8,
      },
    ],
  },
  {
    vendor: 'xAI, REST',
    source: 'https://docs.x.ai/developers/models/speech-to-text',
    evidence: 'rule read',
    rule: '0.10 an hour.',
    currency: 'USD',
    price: { amount: '0.10', per_seconds: 3600 },
    cases: [
      {
        says: '100 hours',
        recordings: [['360000']],
        billedSeconds: '360000',
        cost: '10',
        cents: 1_000,
      },
    ],
  },
  {
    vendor: 'Gladia, asynchronous, Starter',
    source: 'https://www.gladia.io/pricing, as transcribed by api-evangelist on 2026-06-12',
    evidence: 'rule read',
    rule: '10 hours a month are free, then 0.61 an hour.',
    currency: 'USD',
    price: { amount: '0.61', per_seconds: 3600 },
    includedMinutes: '600',
    cases: [
      {
        says: '9 hours, then 2: one is charged',
        recordings: [['32400'], ['7200']],
        billedSeconds: '39600',
        cost: '0.61',
        cents: 61,
      },
    ],
  },
];
