/** The geometry of a chart of stacked columns: where each piece stands, and the lines behind. Pure; knows no colours. */
import type { Series } from './series.ts';

/** In units of the drawing, which grows and shrinks with the page. */
const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 64;
const RIGHT = 8;
const TOP = 12;
const BOTTOM = 28;
const TICKS_AT_MOST = 4;
/** Between two columns, as a share of their width, while they are wide enough. */
const GAP = 0.2;
const GAP_FROM_WIDTH = 4;

export type Piece = {
  /** Of which series, from 0. */
  readonly series: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export type Chart = {
  readonly width: number;
  readonly height: number;
  /** Where columns begin and end. */
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly pieces: readonly Piece[];
  /** The pieces of each series as one outline (SVG 2 §9.3): a day has some thousand. */
  readonly paths: readonly string[];
  readonly ticks: readonly { readonly value: number; readonly y: number }[];
  /** The left edge of the marked columns, by their number. */
  readonly marks: readonly { readonly column: number; readonly x: number }[];
};

export function chartOf(series: readonly Series[], columns: number, marked: readonly number[]): Chart {
  const heights = Array.from({ length: columns }, (_, column) =>
    series.reduce((total, { values }) => total + (values[column] ?? 0), 0),
  );
  const step = tickStep(Math.max(1, ...heights));
  const top = Math.ceil(Math.max(1, ...heights) / step) * step;
  const bottom = HEIGHT - BOTTOM;
  const scale = (bottom - TOP) / top;
  const slot = (WIDTH - LEFT - RIGHT) / columns;
  const gap = slot >= GAP_FROM_WIDTH ? slot * GAP : 0;

  const pieces = heights.flatMap((_, column) => {
    let stacked = 0;
    return series.flatMap(({ values }, index): Piece[] => {
      const value = values[column] ?? 0;
      if (value === 0) return [];
      stacked += value;
      const x = round(LEFT + column * slot + gap / 2);
      return [
        {
          series: index,
          x,
          y: round(bottom - stacked * scale),
          width: round(slot - gap),
          height: round(value * scale),
        },
      ];
    });
  });
  const paths = series.map((_, index) =>
    pieces
      .filter((piece) => piece.series === index)
      .map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}z`)
      .join(''),
  );
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => ({
    value: index * step,
    y: round(bottom - index * step * scale),
  }));
  const marks = marked.map((column) => ({ column, x: round(LEFT + column * slot) }));
  return {
    width: WIDTH,
    height: HEIGHT,
    left: LEFT,
    right: WIDTH - RIGHT,
    bottom,
    pieces,
    paths,
    ticks,
    marks,
  };
}

/** 1, 2 or 5 times a power of ten: numbers that one reads at a glance, and whole ones. */
function tickStep(most: number): number {
  const rough = most / TICKS_AT_MOST;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  return Math.max(1, step ?? 1);
}

const round = (number: number): number => Math.round(number * 100) / 100;
