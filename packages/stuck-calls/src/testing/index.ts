export { liveLives, type LivesReport, type LivesOptions } from './call-lives.ts';
