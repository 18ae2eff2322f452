/** What a plan includes, and its limits. Minutes are decimal strings. `null` means no limit. */
export interface Plan {
  readonly plan: string;
  readonly included_minutes: string;
  readonly minutes: string | null;
  readonly sessions: number | null;
  readonly file_size_bytes: number | null;
  readonly export_formats: readonly string[] | null;
}

/** Plans by name. */
export type Plans = Readonly<Record<string, Omit<Plan, 'plan'>>>;

/** The plans that ship (docs/reference/configuration.md#plans); MB = 10^6 bytes. */
export const SHIPPED_PLANS: Plans = {
  free: {
    included_minutes: '0',
    minutes: '120',
    sessions: 10,
    file_size_bytes: 50_000_000,
    export_formats: ['json', 'txt'],
  },
  pro: {
    included_minutes: '0',
    minutes: '1200',
    sessions: 100,
    file_size_bytes: 200_000_000,
    export_formats: ['json', 'txt', 'vtt', 'srt'],
  },
  enterprise: {
    included_minutes: '0',
    minutes: null,
    sessions: null,
    file_size_bytes: 500_000_000,
    export_formats: ['json', 'txt', 'vtt', 'srt', 'xlsx'],
  },
};

/** The plan of users without an assignment, until finance names another. */
export const DEFAULT_PLAN = 'free';
