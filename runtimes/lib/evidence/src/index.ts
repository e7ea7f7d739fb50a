export { averagePrecision, type Interval, type Labelled, liftAt, rocAuc } from './ranking.ts';
