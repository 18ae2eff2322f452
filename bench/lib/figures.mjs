/** Summarises figures and formats them. */

/** @returns median, minimum and maximum; of an even count, the upper of the two middle values. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) };
}

const digits = (value) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
const text = (value) => Number(value.toFixed(digits(value))).toLocaleString('en-US');

export function show({ median, min, max }) {
  return min === max ? text(median) : `${text(median)} (${text(min)} to ${text(max)})`;
}

/**
 * A line of the table.
 *
 * `ours` are the figures of the rounds, and `over` the figures that each is divided by, round by round. Without `over`,
 * the figure itself is compared with `floor` and `goal`. `less` means that smaller figures are better.
 */
export function line({ what, unit, ours, over, floor, goal, less = false }) {
  const measured = over ? ours.map((value, round) => value / over.values[round]) : ours;
  const result = spread(measured);
  const reaches = (bound) =>
    bound === undefined ? undefined : less ? result.median <= bound : result.median >= bound;
  const met = reaches(goal) ? 'goal' : reaches(floor) ? 'floor' : floor === undefined ? '' : 'no';
  return {
    what,
    unit,
    ours: spread(ours),
    ...(over ? { over: { what: over.what, ...spread(over.values) }, ratio: result } : {}),
    floor,
    goal,
    met,
  };
}

/**
 * How much longer another user's request waits at most while something is done.
 * @param waits the longest waits of each round in ms, `during` it and `without` it.
 */
export function longerWait({ during, without }) {
  const usual = Math.round(spread(without).median);
  return line({
    what: `the same: how much longer another user's request waits at most (without: ${usual} ms)`,
    unit: 'ms',
    ours: during.map((value, round) => value - without[round]),
    floor: 50,
    goal: 10,
    less: true,
  });
}

/** The lines as a Markdown table. */
export function tableOf(lines) {
  const rows = lines.map(({ what, unit, ours, over, ratio, floor, goal, met }) => [
    what,
    `${show(ours)} ${unit}`,
    over ? `${over.what}: ${show(over)}` : '',
    ratio ? show(ratio) : '',
    floor ?? '',
    goal ?? '',
    met,
  ]);
  const head = ['what', 'ours', 'over', 'ratio', 'floor', 'goal', 'reached'];
  const all = [head, head.map(() => '---'), ...rows];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
