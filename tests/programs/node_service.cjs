// One of the three services of the challenge, in Node and knowing nothing of tracing: OpenTelemetry's packages trace it
// when they are loaded before it. Variables as the demo services take them.
'use strict';
const http = require('node:http');

const { SERVICE_NAME, PORT, BACKEND_URL, DATABASE_SERVICE_URL } = process.env;
const PREFIX = { frontend: '/api/', backend: '/', 'database-service': '/db/' }[SERVICE_NAME];
const NEXT = { frontend: `${BACKEND_URL}/`, backend: `${DATABASE_SERVICE_URL}/db/` }[SERVICE_NAME];

function answer(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

http
  .createServer((request, response) => {
    if (request.url === '/health') return answer(response, 200, { status: 'healthy', service: SERVICE_NAME });
    const kind = request.url.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : '';
    if (!['users', 'orders', 'products'].includes(kind)) return answer(response, 404, { error: 'not found' });
    if (NEXT === undefined) return answer(response, 200, { source: SERVICE_NAME, [kind]: [] });
    const failed = () => answer(response, 500, { error: 'no answer', service: SERVICE_NAME });
    http
      .get(NEXT + kind, (next) => {
        next
          .resume()
          .on('end', () =>
            next.statusCode === 200 ? answer(response, 200, { source: SERVICE_NAME }) : failed(),
          );
      })
      .on('error', failed);
  })
  .listen(Number(PORT), '127.0.0.1');
