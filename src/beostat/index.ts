/**
 * How busy every node is: libbeostat's queries, their history, thresholds, and text for Prometheus.
 *
 * @packageDocumentation
 */
export type {
  Dated,
  FileSystem,
  LoadAverage,
  MemoryInfo,
  NetCounts,
  NetDevice,
  ProcessCost,
  StatCpu,
} from './figures.ts';
export type { JobCost, JobCosts, JobOptions } from './job-costs.ts';
export type { SourceLayout } from './layout.ts';
export { Layout } from './layout.ts';
export { NodeLoad } from './load.ts';
export type { StatOptions } from './master-part.ts';
export { masterStats } from './master-part.ts';
export type { Scraped } from './prometheus.ts';
export { PROMETHEUS_TYPE, prometheusHandler, prometheusText } from './prometheus.ts';
export type { SamplerOptions } from './slave-part.ts';
export { slaveStats } from './slave-part.ts';
export type { Places, Reading, Source } from './sources/source.ts';
export type { HistoryOptions, LoadOptions } from './stat-calls.ts';
export { createStats, Stats } from './stats.ts';
export type { Alert, Metric, SampleOptions, WatchOptions } from './watch.ts';
export { metricOf } from './watch.ts';
