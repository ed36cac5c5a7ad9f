// Starts the demo services, or programs that take the same variables, on free ports, with their spans going to a
// server. All that it starts ends with the test.
import { spawn } from 'node:child_process';
import path from 'node:path';

import { Running } from './running.mjs';
import { atEnd, BINARY, freePort, request, temporaryFolder, until } from './server.mjs';

// The one that is asked first stands first.
export const SERVICES = ['frontend', 'backend', 'database-service'];
export const DEMO_FOLDER = path.join(path.dirname(BINARY), 'demo');

class Service extends Running {
  constructor(name, port, child) {
    super(child);
    this.name = name;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  async ready() {
    const what = `${this.name} is healthy`;
    await until(async () => this.how || (await this.get('/health')).status === 200, { what });
    if (this.how) throw new Error(`${this.name} ended: ${JSON.stringify(this.how)}\n${this.stderr}`);
    return this;
  }

  get(target, options) {
    return request(this.port, 'GET', target, options);
  }
}

// Starts one service on `port`.
//   folder   where the program NAME is
//   program  the program itself, where it is another one: a path, or a list of words
//   env      variables beside the test's own
//   ready    whether to wait until it is healthy
export async function startService(t, name, { folder = DEMO_FOLDER, program, port, env = {}, ready = true } = {}) {
  port ??= await freePort();
  const [command, ...words] = [program ?? path.join(folder, name)].flat();
  const child = spawn(command, words, {
    env: { ...process.env, PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const service = new Service(name, port, child);
  atEnd(t, async () => {
    if (!service.how) await service.kill();
  });
  return ready ? service.ready() : service;
}

// Starts the services that `services` names, each knowing where the next one would be. Gives all three by name
// ({ frontend, backend, database }), with their ports; one that is not named is a port where nobody listens.
//   server    the spoor of startServer that takes their spans
//   env       variables of all
//   envOf     variables of one: { backend: { OTEL_TRACES_SAMPLER: 'always_off' } }
//   programs  other programs than those of `folder`: { backend: '/some/where/backend' }
export async function startDemo(t, { server, services = SERVICES, folder, programs = {}, env = {}, envOf = {} } = {}) {
  const data = await temporaryFolder(t);
  const ports = Object.fromEntries(await Promise.all(SERVICES.map(async (name) => [name, await freePort()])));
  const shared = {
    BACKEND_URL: `http://127.0.0.1:${ports.backend}`,
    DATABASE_SERVICE_URL: `http://127.0.0.1:${ports['database-service']}`,
    DATABASE_PATH: path.join(data, 'shop.db'),
    DELAY_SCALE: '0.05',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    ...(server ? { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.otlpHttpPort}` } : {}),
    ...env,
  };
  const start = (name) =>
    services.includes(name)
      ? startService(t, name, {
          folder,
          program: programs[name],
          port: ports[name],
          env: { ...shared, SERVICE_NAME: name, ...envOf[name] },
        })
      : { name, port: ports[name], url: `http://127.0.0.1:${ports[name]}` };
  const [frontend, backend, database] = await Promise.all(SERVICES.map(start));
  return { frontend, backend, database };
}
