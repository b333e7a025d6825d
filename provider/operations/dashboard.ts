/** «Сейчас»: what people look at on the day of a quiz. Drawn here, shown as tables too, and again every few seconds. */
import type { GatewayContext } from '../http/context.ts';
import type { ChartView, OperationScreens } from '../http/screens/operations.ts';
import type { Officer } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { chartOf } from '../statistics/chart.ts';
import type { Figures, LookAtFigures } from '../statistics/figures.ts';
import { labelOf, markOf, marksOf, PERIODS, type Period, periodOf } from '../statistics/periods.ts';
import type { Series } from '../statistics/series.ts';
import { frameOf } from './frame.ts';
import type { Label } from './label.ts';
import { type NamingNeeds, portalLabel, reasonLabel, urgencyLabel, wayLabel } from './names.ts';
import { dashboardRules } from './rules.ts';

export type DashboardNeeds = NamingNeeds & { readonly figures: LookAtFigures };

const DAY_SECONDS = 86_400;

export function dashboard(needs: DashboardNeeds): StaffArea {
  const show = async (ctx: GatewayContext, officer: Officer): Promise<void> => {
    const period = periodOf(ctx.query.period);
    const figures = await needs.figures(period);
    ctx.render('operator/dashboard/now', {
      ...frameOf(officer),
      ...(await viewOf(needs, ctx, period, figures)),
    });
  };
  return staffArea(dashboardRules, { 'GET /operator': show, 'GET /operator/dashboard': show });
}

type DashboardView = Omit<OperationScreens['operator/dashboard/now'], 'administratorOnly'>;

async function viewOf(
  needs: NamingNeeds,
  ctx: GatewayContext,
  period: Period,
  figures: Figures,
): Promise<DashboardView> {
  const { charts, upstreams, waitingLetters, grid } = figures;
  const { locale } = ctx.state;
  const drawn = async (
    kind: ChartView['kind'],
    series: readonly Series[],
    labelFor: (name: string) => Label | Promise<Label>,
  ): Promise<ChartView> => {
    const labels = await Promise.all(series.map(({ name }) => labelFor(name)));
    return draw(kind, period, figures, series, labels);
  };
  const oldest = [...waitingLetters.values()].flatMap(({ oldestAt }) => oldestAt ?? []);
  const shown = await Promise.all([
    drawn('ways', charts.ways, (way) => wayLabel(needs, way, locale)),
    drawn('portals', charts.portals, (clientId) => portalLabel(needs, clientId)),
    drawn('refusals', charts.refusals, reasonLabel),
    // The lines of hashes are known for a week.
    ...(grid.stepSeconds < DAY_SECONDS ? [drawn('line', charts.line, (name) => ({ name }))] : []),
    drawn('letters', charts.letters, urgencyLabel),
  ]);
  return {
    at: figures.at,
    period,
    periods: PERIODS.map((each) => ({ period: each, path: `/operator/dashboard?period=${each}` })),
    processes: figures.processes,
    signIns: total(charts.ways),
    refusals: total(charts.refusals),
    hashing: figures.hashing,
    applications: figures.applications,
    addressTroubles: figures.addressTroubles,
    letters: [...waitingLetters].map(([urgency, { jobs }]) => ({ urgency, jobs })),
    ...(oldest.length > 0 && { oldestLetter: new Date(Math.min(...oldest.map((at) => at.getTime()))) }),
    doors: needs.upstreams.offers().map(({ id, name, state }) => ({
      name: name[locale],
      state: upstreams.get(id) ?? state,
    })),
    charts: shown,
  };
}

function draw(
  kind: ChartView['kind'],
  period: Period,
  { grid }: Figures,
  series: readonly Series[],
  labels: readonly Label[],
): ChartView {
  const { from, stepSeconds, columns } = grid;
  const at = (column: number) => new Date(from.getTime() + column * stepSeconds * 1_000);
  const { pieces: _pieces, marks, ...drawing } = chartOf(series, columns, marksOf(period, grid));
  const sums = Array.from({ length: columns }, (_, column) =>
    series.reduce((sum, { values }) => sum + (values[column] ?? 0), 0),
  );
  const peak = sums.indexOf(Math.max(...sums));
  return {
    kind,
    chart: {
      ...drawing,
      marks: marks.map(({ column, x }) => ({ x, label: markOf(period, at(column)) })),
    },
    series: series.map(({ name, colour, total }, index) => ({
      ...{ label: labels[index] ?? { name }, colour, total },
    })),
    total: total(series),
    peak: { label: labelOf(period, at(peak)), count: sums[peak] ?? 0 },
    // The latest first: a reader need not go through the night to hear of the last minute.
    rows: sums
      .flatMap((sum, column) =>
        sum === 0
          ? []
          : [{ label: labelOf(period, at(column)), values: series.map(({ values }) => values[column] ?? 0) }],
      )
      .reverse(),
  };
}

const total = (series: readonly Series[]): number => series.reduce((sum, each) => sum + each.total, 0);
