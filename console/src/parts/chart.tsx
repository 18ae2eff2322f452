import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { compact } from '../format';
import { t } from '../i18n/language';

/** One bar, and the value it is compared with. */
interface Bar {
  readonly label: string;
  readonly value: number;
  readonly beside?: number | undefined;
}

interface ChartProps {
  /** Describes the chart in a sentence, for screen readers. */
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly format: (value: number) => string;
  readonly valueName: string;
  readonly besideName?: string;
  readonly onPick?: (index: number) => void;
}

const HEIGHT = 220;

/** Bars, with a line for the values they are compared with. The same figures are in a table below. */
export function Chart(props: ChartProps) {
  const { label, bars, format, valueName, besideName, onPick } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [at, setAt] = useState<number>();
  const latest = useRef(props);
  latest.current = props;
  const shape = `${bars.length}:${besideName ?? ''}`;

  useEffect(() => {
    const element = box.current!;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(latest, element.clientWidth, setAt),
        dataOf(latest.current.bars),
        element,
      );
    };
    make();
    const sizes = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    sizes.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', make);
    return () => {
      sizes.disconnect();
      scheme.removeEventListener('change', make);
      plot.current?.destroy();
    };
  }, [shape]);

  useEffect(() => plot.current?.setData(dataOf(bars)), [bars]);

  const shown = at === undefined ? undefined : bars[at];
  return (
    <figure class="chart">
      <div
        class="chart-box"
        ref={box}
        role="img"
        aria-label={label}
        onClick={() => at !== undefined && onPick?.(at)}
      />
      <figcaption class="chart-caption">
        {shown === undefined ? (
          <span class="legend">
            <i class="key-bar" /> {valueName}
            {besideName !== undefined && (
              <>
                <i class="key-line" /> {besideName}
              </>
            )}
          </span>
        ) : (
          <span>
            <strong>{shown.label}</strong> <span class="figure">{format(shown.value)}</span>
            {shown.beside !== undefined && (
              <span class="quiet">
                {' '}
                {besideName}: <span class="figure">{format(shown.beside)}</span>
              </span>
            )}
          </span>
        )}
        <details class="chart-table">
          <summary>{t('As a table')}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('When')}</th>
                <th scope="col" class="number">
                  {valueName}
                </th>
                {besideName !== undefined && (
                  <th scope="col" class="number">
                    {besideName}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {bars.map((bar) => (
                <tr key={bar.label}>
                  <th scope="row">{bar.label}</th>
                  <td class="number">{format(bar.value)}</td>
                  {besideName !== undefined && (
                    <td class="number">{bar.beside === undefined ? '' : format(bar.beside)}</td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </figcaption>
    </figure>
  );
}

function dataOf(bars: readonly Bar[]): uPlot.AlignedData {
  return [
    bars.map((_, index) => index),
    bars.map(({ value }) => value),
    bars.map(({ beside }) => beside ?? null),
  ];
}

function optionsOf(
  latest: { readonly current: ChartProps },
  width: number,
  onHover: (index: number | undefined) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const font = `12px ${style.getPropertyValue('--sans')}`;
  const axis = { stroke: colour('quiet'), font, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, min, max) => [min - 0.6, max + 0.6] },
      y: { range: (_, min, max) => [Math.min(0, min), max <= 0 ? 1 : max * 1.08] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        incrs: [1, 2, 3, 5, 7, 10],
        space: 48,
        values: (_, splits) => splits.map((index) => latest.current.bars[index]?.label ?? ''),
      },
      {
        ...axis,
        grid: { stroke: colour('line'), width: 1 },
        size: 72,
        values: (_, splits) => splits.map((value) => compact(value)),
      },
    ],
    series: [
      {},
      {
        fill: colour('bar'),
        stroke: colour('bar'),
        width: 0,
        paths: uPlot.paths.bars!({ size: [0.66, 40], radius: 0.12 }),
        points: { show: false },
      },
      {
        stroke: colour('beside'),
        width: 1.5,
        dash: [4, 3],
        points: { show: false },
      },
    ],
    hooks: {
      setCursor: [
        ({ cursor }) =>
          onHover(cursor.idx === null || (cursor.left ?? -1) < 0 ? undefined : cursor.idx),
      ],
    },
  };
}
