import type { ChallengeResult, ChallengeTask } from '../api/types';

// The six checks as the panel tells them: pure, so that every state of it can be tested.

export interface Row {
  task: number;
  title: string;
  points: number;
  state: 'unknown' | 'passed' | 'failed';
  /** What the server says about it; undefined before it said anything. */
  told: ChallengeTask | undefined;
  /** The lesson that helps, as its slug. */
  lesson: string;
}

const KNOWN: readonly Omit<Row, 'state' | 'told'>[] = [
  { task: 1, title: 'Frontend tracing configured', points: 20, lesson: 'task_2_frontend' },
  { task: 2, title: 'Backend tracing configured', points: 20, lesson: 'task_3_backend' },
  { task: 3, title: 'Database service tracing configured', points: 20, lesson: 'task_4_database' },
  { task: 4, title: 'All services running', points: 10, lesson: 'get_started' },
  { task: 5, title: 'Traces appearing in Spoor', points: 15, lesson: 'task_6_verify' },
  { task: 6, title: 'Traces are properly linked', points: 15, lesson: 'context_propagation' },
];

/** Lessons that the panel leads to; each is one that there is, a test says. */
export const HELPING_LESSONS: readonly string[] = [
  ...KNOWN.map(({ lesson }) => lesson),
  ...['troubleshooting', 'task_5_custom_spans', 'task_7_slowest'],
];

/** The rows to show: what the server told, in its words, and the known six before it told anything. */
export function rowsOf(result: ChallengeResult | null): Row[] {
  if (!result) return KNOWN.map((row) => ({ ...row, state: 'unknown', told: undefined }));
  return result.tasks.map((told) => ({
    task: told.task,
    title: told.title,
    points: told.points,
    state: told.passed ? 'passed' : 'failed',
    told,
    lesson: KNOWN.find(({ task }) => task === told.task)?.lesson ?? 'troubleshooting',
  }));
}

/** What changed from one answer to the next, as one sentence to be said; empty where nothing did. */
export function newsOf(before: ChallengeResult | null, now: ChallengeResult): string {
  const was = new Map(before?.tasks.map((task) => [task.task, task.passed]));
  if (before && now.tasks.every(({ task, passed }) => was.get(task) === passed)) return '';
  const score = `${now.score} of ${now.maxScore} points.`;
  if (!before) return score;
  const changed = now.tasks.filter(({ task, passed }) => was.get(task) !== passed);
  return [
    ...changed.map(({ title, passed }) => `${title}: ${passed ? 'passed' : 'not any more'}.`),
    score,
  ].join(' ');
}

const SOON_MS = 3000;
const LATE_MS = 30_000;
const SLOWER = 1.5;

/** How long to wait before the next check: soon after something changed, less and less often while nothing does. */
export function nextWaitMs(beforeMs: number, changed: boolean): number {
  return changed ? SOON_MS : Math.min(LATE_MS, Math.max(SOON_MS, beforeMs) * SLOWER);
}
