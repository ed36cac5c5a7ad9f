import type { Addresses } from './addresses';

// The lines that connect a program, ready to paste. The browser test runs the ones for Node.

export interface Snippet {
  /** What the lines do, or where they go. */
  text: string;
  lines: string;
}

export interface Way {
  name: string;
  steps: Snippet[];
}

// Spoor takes traces. Left at their default, these two would send to addresses that answer 404.
const TRACES_ONLY = ['OTEL_METRICS_EXPORTER=none', 'OTEL_LOGS_EXPORTER=none'];

function nodeSteps({ http, grpc }: Addresses): Snippet[] {
  const protocol = http ? [] : ['OTEL_EXPORTER_OTLP_PROTOCOL=grpc'];
  const settings = [
    'OTEL_SERVICE_NAME=my-service',
    `OTEL_EXPORTER_OTLP_ENDPOINT=${http ?? grpc}`,
    ...protocol,
    ...TRACES_ONLY,
  ];
  return [
    {
      text: 'In the folder of your program, add OpenTelemetry:',
      lines: 'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node',
    },
    {
      text: 'Start the program, here app.js, with it. Nothing in the program changes:',
      lines: [
        ...settings.map((setting) => `export ${setting}`),
        'node --require @opentelemetry/auto-instrumentations-node/register app.js',
      ].join('\n'),
    },
    {
      text: 'Where app.js is an ES module (it says import, not require), that last line is:',
      lines: [
        'node --experimental-loader=@opentelemetry/instrumentation/hook.mjs \\',
        '  --require @opentelemetry/auto-instrumentations-node/register app.js',
      ].join('\n'),
    },
    {
      text: 'Use the program, for example by sending it a request. Its spans come within five seconds.',
      lines: '',
    },
  ];
}

function environmentSteps({ http, grpc }: Addresses): Snippet[] {
  const steps: Snippet[] = [];
  const variables = (protocol: string, endpoint: string) =>
    [
      'OTEL_SERVICE_NAME=my-service',
      'OTEL_TRACES_EXPORTER=otlp',
      `OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}`,
      `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
      ...TRACES_ONLY,
    ].join('\n');
  if (http) {
    steps.push({
      text: 'Every OpenTelemetry SDK reads these variables:',
      lines: variables('http/protobuf', http),
    });
  }
  if (grpc) {
    steps.push({
      text: http ? 'Or over gRPC:' : 'Every OpenTelemetry SDK reads these variables:',
      lines: variables('grpc', grpc),
    });
  }
  return steps;
}

function collectorSteps({ http, grpc }: Addresses): Snippet[] {
  const [name, type] = http ? ['otlphttp/spoor', http] : ['otlp/spoor', grpc];
  const insecure = http ? [] : ['    tls:', '      insecure: true'];
  return [
    {
      text: 'Add an exporter to the configuration of your OpenTelemetry Collector, and name it in the pipeline:',
      lines: [
        'receivers:',
        '  otlp:',
        '    protocols:',
        '      grpc:',
        '        endpoint: localhost:14317',
        '',
        'exporters:',
        `  ${name}:`,
        `    endpoint: ${type}`,
        ...insecure,
        '',
        'service:',
        '  pipelines:',
        '    traces:',
        '      receivers: [otlp]',
        `      exporters: [${name}]`,
      ].join('\n'),
    },
  ];
}

export function waysToConnect(addresses: Addresses): Way[] {
  return [
    { name: 'Node.js', steps: nodeSteps(addresses) },
    { name: 'Any language', steps: environmentSteps(addresses) },
    { name: 'Collector', steps: collectorSteps(addresses) },
  ];
}
