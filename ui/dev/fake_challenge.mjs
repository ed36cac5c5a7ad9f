// Made-up answers of the six checks: those of a learner whose services pass the checks named in `passed`.

/** @type {[title: string, points: number, missing: string, causes: string[], fix: string][]} */
const CHECKS = [
  service('Frontend', 'frontend', 'http://localhost:8080'),
  service('Backend', 'backend', 'http://localhost:8081'),
  service('Database service', 'database-service', 'http://localhost:8082'),
  [
    'All services running',
    10,
    'backend does not answer at http://localhost:8081/health: connection refused.',
    ['It is not running.', 'It listens on another port.'],
    'Start it: ./challenge up',
  ],
  [
    'Traces appearing in Spoor',
    15,
    'A request to the frontend was answered, and none of its spans came within 5 s.',
    ['The services are not traced yet.', 'They send their spans somewhere else.'],
    'Finish task 2, then run ./challenge up again.',
  ],
  [
    'Traces are properly linked',
    15,
    'The spans of one request are not one tree: backend begins a trace of its own.',
    ['The call to the backend does not carry the header traceparent.'],
    'Wrap the client of the frontend: client_.Wrap(web::TraceCalls(kTracer));',
  ],
];

/** @returns {[string, number, string, string[], string]} */
function service(/** @type {string} */ title, /** @type {string} */ name, /** @type {string} */ url) {
  return [
    `${title} tracing configured`,
    20,
    `A request to ${url} was answered, and no span of ${name} came within 5 s.`,
    [`${name} does not start tracing.`, 'It was not built and started again after the change.'],
    `Call StartTracing("${name}") in its main(), then run ./challenge up again.`,
  ];
}

export class FakeChallenge {
  /** @param {string} traceId the trace that checks find */
  constructor(traceId) {
    this.traceId = traceId;
  }

  /** Whether the server checks at all. */
  on = true;
  /** The numbers of the checks that pass. @type {number[]} */
  passed = [4];
  /** How many checks were run. */
  runs = 0;
  /** How long a check takes. */
  takesMs = 0;

  offer() {
    if (!this.on) return { enabled: false };
    return {
      enabled: true,
      frontendUrl: 'http://localhost:8080',
      backendUrl: 'http://localhost:8081',
      databaseUrl: 'http://localhost:8082',
    };
  }

  /** undefined where the server does not check. */
  async run() {
    if (!this.on) return undefined;
    this.runs++;
    await new Promise((done) => setTimeout(done, this.takesMs));
    const tasks = CHECKS.map(([title, points, missing, causes, fix], index) => {
      const passed = this.passed.includes(index + 1);
      const found = passed && index !== 3 ? { traceID: this.traceId } : {};
      const told = passed ? { missing: '', causes: [], fix: '' } : { missing, causes, fix };
      return { task: index + 1, title, points, passed, ...found, ...told };
    });
    const score = tasks.reduce((sum, { passed, points }) => sum + (passed ? points : 0), 0);
    return { score, maxScore: 100, percent: score, passed: score === 100, tasks };
  }
}
